package dev.neurontp.harness.text;

import java.util.List;
import java.util.stream.Stream;

/** What is wrong with a file or a request, for a person who reads it in a terminal or a log. Stateless. */
public final class Problems {
    /** A file that was cut or is no such file at all has a problem in each line. */
    private static final int MOST = 20;

    private Problems() {}

    /** One line for each of the first twenty, without what could drive a terminal, and one line that counts the others. */
    public static String lines(List<String> problems) {
        Stream<String> shown =
                problems.stream().limit(MOST).map(problem -> ForeignText.of(problem, ForeignText.MESSAGE));
        Stream<String> left = problems.size() > MOST
                ? Stream.of("and " + (problems.size() - MOST) + " more problems like these")
                : Stream.of();
        return String.join("\n", Stream.concat(shown, left).toList());
    }
}
