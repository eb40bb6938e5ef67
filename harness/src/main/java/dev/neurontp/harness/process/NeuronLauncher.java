package dev.neurontp.harness.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The path that this program runs from, which its workers are started from too. */
public final class NeuronLauncher {
    /** Set by the launchers: the folder that holds {@code bin/neuron}. */
    private static final String ROOT_PROPERTY = "neuron.root";

    private NeuronLauncher() {}

    /** Whether the launcher has said where it is. */
    public static boolean isKnown() {
        return !System.getProperty(ROOT_PROPERTY, "").isEmpty();
    }

    /** Whether that is the command of our own workers; false too where it is not known. */
    public static boolean starts(List<String> command) {
        return !System.getProperty(ROOT_PROPERTY, "").isEmpty() && command.equals(neuron());
    }

    /**
     * The command of our own workers, without its arguments.
     *
     * @throws IllegalStateException when the launcher did not say where it is
     */
    public static List<String> neuron() {
        String root = System.getProperty(ROOT_PROPERTY, "");
        Path neuron = Path.of(root, "bin", "neuron");
        if (root.isEmpty() || !Files.isExecutable(neuron)) {
            throw new IllegalStateException("the path of neuron is not known (" + ROOT_PROPERTY + " is '" + root
                    + "'): start this program through bin/neuron or bin/tpctl");
        }
        return List.of(neuron.toString());
    }
}
