import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

abstract class Animal implements Comparable<Animal> {
    private static int created;
    protected final String name;
    private final int weight;

    protected Animal(String name, int weight) {
        this.name = name;
        this.weight = weight;
        created++;
    }

    public abstract String sound();

    public void speak() { System.out.println(name + " says " + sound()); }

    public static int getCreated() { return created; }

    @Override public int compareTo(Animal o) { return weight - o.weight; }
    @Override public String toString() { return getClass().getSimpleName() + ":" + name; }
}

class Dog extends Animal {
    Dog(String name) { super(name, 30); }
    @Override public String sound() { return "woof"; }
}

class Python extends Animal {
    Python(String name) { super(name, 12); }
    @Override public String sound() { return "import os"; }
}

class Puppy extends Dog {
    Puppy(String name) { super(name); }
    @Override public String sound() { return super.sound().substring(0, 2) + "!"; }
}

interface Trainable { default void train(String command) { System.out.println(this + " will " + command); } }

class ServiceDog extends Dog implements Trainable {
    ServiceDog(String name) { super(name); }
}

public class Main {
    public static void main(String[] args) {
        List<Animal> zoo = new ArrayList<>(List.of(new Dog("Rex"), new Python("Kaa"), new Puppy("Bit")));
        zoo.add(new ServiceDog("Max"));
        Collections.sort(zoo);
        for (Animal a : zoo) {
            a.speak();
            if (a instanceof Trainable t) t.train("fetch and execute commands");
        }
        System.out.println(zoo + " " + Animal.getCreated());
    }
}
