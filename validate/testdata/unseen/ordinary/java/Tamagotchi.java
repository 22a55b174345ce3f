import java.util.Random;
import java.util.Scanner;

/* Hausaufgabe Woche 6: Objekte und Zustaende */
public class Tamagotchi {
    enum Zustand { GLUECKLICH, HUNGRIG, MUEDE, TOT }

    private final String name;
    private int hunger = 3, energie = 7;
    private final Random zufall = new Random();

    public Tamagotchi(String name) {
        this.name = name;
    }

    public Zustand zustand() {
        if (hunger >= 10 || energie <= 0) return Zustand.TOT;
        if (hunger > 6) return Zustand.HUNGRIG;
        if (energie < 3) return Zustand.MUEDE;
        return Zustand.GLUECKLICH;
    }

    public void fuettern() { hunger = Math.max(0, hunger - 3); }
    public void schlafen() { energie = Math.min(10, energie + 4); hunger++; }
    public void spielen()  { energie -= 1 + zufall.nextInt(2); hunger += 2; }

    public static void main(String[] args) {
        Scanner eingabe = new Scanner(System.in);
        System.out.print("Wie heisst dein Tier? ");
        Tamagotchi tier = new Tamagotchi(eingabe.nextLine());
        while (tier.zustand() != Zustand.TOT) {
            System.out.println(tier.name + " ist " + tier.zustand() + ". (f)uettern, (s)chlafen, s(p)ielen?");
            String s = eingabe.nextLine();
            if (s.equals("f")) tier.fuettern();
            else if (s.equals("s")) tier.schlafen();
            else if (s.equals("p")) tier.spielen();
        }
        System.out.println(tier.name + " ist gestorben. :(");
    }
}
