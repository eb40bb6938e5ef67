package dev.neurontp.gpu.folder;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command line.
 *
 * @param only the steps that are run; empty for all
 * @param tests the class of tests that is run; empty for all
 */
record RunOptions(Path out, boolean requireGpu, boolean simulation, List<String> only, String tests) {
    static final String USAGE = "run-all [--require-gpu | --simulation] [--out DIR] [--only STEP,...] [--tests CLASS]";

    /** As it is given; the program run-all prints the help. */
    @Command(name = "run-all")
    private static final class Given {
        @Option(names = "--require-gpu")
        private boolean requireGpu;

        @Option(names = "--simulation")
        private boolean simulation;

        @Option(names = "--out")
        private Path out = Path.of("");

        @Option(names = "--only", split = ",")
        private List<String> only = List.of();

        @Option(names = "--tests")
        private String tests = "";
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException with the option and what is wrong with it
     */
    static RunOptions parse(String[] arguments) {
        Given given = new Given();
        try {
            new CommandLine(given).parseArgs(arguments);
        } catch (CommandLine.ParameterException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        if (given.requireGpu && given.simulation) {
            throw new IllegalArgumentException("--require-gpu and --simulation exclude each other");
        }
        return new RunOptions(
                given.out.toAbsolutePath(), given.requireGpu, given.simulation, List.copyOf(given.only), given.tests);
    }

    /** Refuses a name that no step has. */
    void requireKnown(Set<String> names) {
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
