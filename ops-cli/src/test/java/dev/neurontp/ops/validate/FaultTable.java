package dev.neurontp.ops.validate;

import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tables of docs/validation.md: faults, and what finds each of them. */
final class FaultTable {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private FaultTable() {}

    /**
     * A fault of the run that has many.
     *
     * @param foundBy collective, bytes and type of the cases that must fail
     * @param names which rank is named, and as what
     */
    record OfData(String fault, List<String> foundBy, String names, String says) {
        @Override
        public String toString() {
            return fault;
        }
    }

    /**
     * A fault with a run of its own.
     *
     * @param environment the variables that plant it
     * @param foundBy phase and check of the cases that must not be in order
     */
    record OfRun(
            String fault,
            Map<String, String> environment,
            List<String> options,
            int exitCode,
            List<String> foundBy,
            String says) {
        boolean overLoopback() {
            return fault.startsWith("rank=");
        }

        @Override
        public String toString() {
            return fault + " " + String.join(" ", options);
        }
    }

    static List<OfData> ofData() throws IOException {
        return rows("faults of data").stream()
                .map(row -> new OfData(code(row.get(0)).getFirst(), code(row.get(1)), row.get(2), row.get(3)))
                .toList();
    }

    static List<OfRun> ofRuns() throws IOException {
        return rows("faults in runs of their own").stream()
                .map(row -> {
                    String fault = code(row.get(0)).getFirst();
                    return new OfRun(
                            fault,
                            environment(fault),
                            List.of(code(row.get(1)).getFirst().split(" ", -1)),
                            Integer.parseInt(row.get(2)),
                            code(row.get(3)),
                            row.get(4));
                })
                .toList();
    }

    /** A fault of a communicator, and after it variables. */
    private static Map<String, String> environment(String fault) {
        Map<String, String> environment = new TreeMap<>();
        for (String word : fault.split(" ", -1)) {
            if (word.startsWith("NEURON")) {
                String[] pair = word.split("=", 2);
                environment.put(pair[0], pair[1]);
            } else if (word.startsWith("rank=")) {
                environment.put("NEURON_LOOPBACK_FAULT", word);
            } else if (!word.equals("none")) {
                environment.put("NEURONTP_SIM_FAULT", word);
            }
        }
        return environment;
    }

    /** The cells of each row of a table, without its head. */
    private static List<List<String>> rows(String name) throws IOException {
        List<String> lines = Files.readAllLines(Programs.root().resolve("docs/validation.md"));
        int start = lines.indexOf("<!-- table: " + name + " -->") + 1;
        List<List<String>> rows = new ArrayList<>();
        for (String line : lines.subList(start, lines.size())) {
            if (!line.startsWith("|")) {
                break;
            }
            String[] cells = line.split("\\|", -1);
            rows.add(Arrays.stream(cells)
                    .skip(1)
                    .limit(cells.length - 2L)
                    .map(String::strip)
                    .toList());
        }
        return rows.subList(2, rows.size());
    }

    private static List<String> code(String cell) {
        return CODE.matcher(cell).results().map(found -> found.group(1)).toList();
    }

    static List<String> group(Pattern pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
