package dev.neurontp.gpu.folder;

import java.nio.file.Path;
import java.util.List;

/**
 * The command line.
 *
 * @param only the steps that are run; empty for all
 * @param tests the class of tests that is run; empty for all
 */
record RunOptions(Path out, boolean requireGpu, boolean simulation, List<String> only, String tests) {
    static final String USAGE = "run-all [--require-gpu | --simulation] [--out DIR] [--only STEP,...] [--tests CLASS]";

    /** Reads it. */
    static RunOptions parse(String[] arguments) {
        Path out = Path.of("");
        boolean requireGpu = false;
        boolean simulation = false;
        List<String> only = List.of();
        String tests = "";
        for (int i = 0; i < arguments.length; i++) {
            String name = arguments[i];
            switch (name) {
                case "--require-gpu" -> requireGpu = true;
                case "--simulation" -> simulation = true;
                case "--out" -> out = Path.of(value(arguments, ++i, name));
                case "--only" -> only = List.of(value(arguments, ++i, name).split(",", -1));
                case "--tests" -> tests = value(arguments, ++i, name);
                default -> throw new IllegalArgumentException("unknown: " + name);
            }
        }
        if (requireGpu && simulation) {
            throw new IllegalArgumentException("--require-gpu and --simulation exclude each other");
        }
        return new RunOptions(out.toAbsolutePath(), requireGpu, simulation, only, tests);
    }

    private static String value(String[] arguments, int at, String name) {
        if (at >= arguments.length || arguments[at].startsWith("--")) {
            throw new IllegalArgumentException(name + " needs a value");
        }
        return arguments[at];
    }

    /** Refuses a name that no step has. */
    void requireKnown(List<Step> steps) {
        List<String> names = steps.stream().map(Step::name).toList();
        for (String name : only) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException(
                        "--only names '" + name + "': there are " + String.join(", ", names));
            }
        }
    }

    boolean has(Step step) {
        return only.isEmpty() || only.contains(step.name());
    }
}
