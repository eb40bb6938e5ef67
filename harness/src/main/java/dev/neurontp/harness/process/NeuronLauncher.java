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

    /** Whether that is the command of our own workers, whether or not it can be started now; false too where it is not known. */
    public static boolean starts(List<String> command) {
        return isKnown() && command.equals(List.of(path().toString()));
    }

    /**
     * The command of our own workers, without its arguments.
     *
     * @throws IllegalStateException when the launcher did not say where it is, or it cannot be executed there
     */
    public static List<String> neuron() {
        if (!isKnown()) {
            throw new IllegalStateException("the path of neuron is not known (" + ROOT_PROPERTY
                    + " is not set): start this program through bin/neuron or bin/tpctl");
        }
        Path neuron = path();
        if (!Files.exists(neuron)) {
            throw new IllegalStateException(neuron + " is gone: unpack or build this installation again");
        }
        if (!Files.isExecutable(neuron)) {
            throw new IllegalStateException(
                    neuron + " cannot be executed: chmod +x it, or mount its file system without noexec");
        }
        return List.of(neuron.toString());
    }

    private static Path path() {
        return Path.of(System.getProperty(ROOT_PROPERTY, ""), "bin", "neuron");
    }
}
