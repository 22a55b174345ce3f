import java.time.*;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

class Main {
    static void month(YearMonth month) {
        System.out.println(month.format(DateTimeFormatter.ofPattern("MMMM yyyy", Locale.ENGLISH)));
        System.out.println("Mo Tu We Th Fr Sa Su");
        LocalDate day = month.atDay(1);
        System.out.print("   ".repeat(day.getDayOfWeek().getValue() - 1));
        while (day.getMonth() == month.getMonth()) {
            System.out.printf("%2d%s", day.getDayOfMonth(), day.getDayOfWeek() == DayOfWeek.SUNDAY ? "\n" : " ");
            day = day.plusDays(1);
        }
        System.out.println();
    }

    static boolean isFriday13(LocalDate d) {
        return d.getDayOfMonth() == 13 && d.getDayOfWeek() == DayOfWeek.FRIDAY;
    }

    public static void main(String[] args) {
        month(YearMonth.of(2024, 2));
        LocalDate a = LocalDate.of(1969, 7, 20), b = LocalDate.of(2024, Month.JULY, 20);
        System.out.println(Period.between(a, b) + " " + ChronoUnit.DAYS.between(a, b));
        System.out.println(a.with(TemporalAdjusters.firstInMonth(DayOfWeek.MONDAY)));
        long fridays = a.datesUntil(b).filter(Main::isFriday13).count();
        System.out.println("Friday 13th: " + fridays);
        try {
            LocalDate.parse("2023-02-30");
        } catch (DateTimeParseException e) {
            System.out.println("invalid: " + e.getParsedString());
        }
        Duration d = Duration.ofSeconds(98765);
        System.out.printf("%d:%02d:%02d%n", d.toHours(), d.toMinutesPart(), d.toSecondsPart());
    }
}
