import java.util.*;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

record Employee(String name, String department, double salary, int age) {}

public class StreamsEmployees {
    public static void main(String[] args) {
        List<Employee> staff = List.of(
            new Employee("Ana", "IT", 4200, 31),
            new Employee("Bob", "IT", 3900, 45),
            new Employee("Cleo", "HR", 3100, 28),
            new Employee("Dan", "Sales", 2800, 52));

        Map<String, Double> average = staff.stream()
            .collect(Collectors.groupingBy(Employee::department, TreeMap::new, Collectors.averagingDouble(Employee::salary)));
        average.forEach((d, a) -> System.out.printf("%-6s %8.2f%n", d, a));

        String names = staff.stream()
            .filter(e -> e.age() > 30)
            .sorted(Comparator.comparing(Employee::salary).reversed())
            .map(Employee::name)
            .collect(Collectors.joining(", ", "[", "]"));
        System.out.println(names);

        Function<Integer, Integer> square = x -> x * x;
        System.out.println(IntStream.rangeClosed(1, 5).boxed().map(square).toList());
    }
}
