import java.util.*;
import java.util.stream.*;
import static java.util.stream.Collectors.*;

public class Main {
    record Employee(String name, String department, int salary, int year) {}

    public static void main(String[] args) {
        List<Employee> staff = List.of(
            new Employee("Ann", "IT", 5200, 2015),
            new Employee("Bob", "IT", 4100, 2019),
            new Employee("Cid", "Sales", 3900, 2020),
            new Employee("Dee", "Sales", 4500, 2012),
            new Employee("Eve", "Security", 6100, 2018));

        Map<String, Double> mean = staff.stream()
            .collect(groupingBy(Employee::department, TreeMap::new, averagingInt(Employee::salary)));
        mean.forEach((d, s) -> System.out.printf("%-10s%8.1f%n", d, s));

        System.out.println(staff.stream()
            .sorted(Comparator.comparingInt(Employee::salary).reversed().thenComparing(Employee::name))
            .limit(3).map(Employee::name).collect(joining(", ", "top: ", ".")));

        System.out.println(staff.stream().collect(partitioningBy(e -> e.year() < 2018, counting())));
        System.out.println(staff.stream().mapToInt(Employee::salary).summaryStatistics());

        Optional<Employee> oldest = staff.stream().min(Comparator.comparing(Employee::year));
        oldest.ifPresentOrElse(e -> System.out.println(e), () -> System.out.println("nobody"));

        System.out.println(IntStream.rangeClosed(1, 15)
            .mapToObj(i -> i % 15 == 0 ? "FizzBuzz" : i % 5 == 0 ? "Buzz" : i % 3 == 0 ? "Fizz" : "" + i)
            .collect(Collectors.toList()));
        System.out.println(Stream.iterate(new long[]{0, 1}, f -> new long[]{f[1], f[0] + f[1]})
            .limit(10).map(f -> f[0]).toList());
    }
}
