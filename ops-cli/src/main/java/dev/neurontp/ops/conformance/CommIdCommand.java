package dev.neurontp.ops.conformance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The command that creates a comm_id: the user's, or this project's own neuron where it is built. */
record CommIdCommand(List<String> words, boolean isOurs) {

    CommIdCommand {
        words = List.copyOf(words);
    }

    /**
     * The one that was given, else our own on this host's loopback, else none.
     *
     * @param given null for none
     * @param launched whether the ranks are carried by a launcher: on another host they do not reach our own
     */
    static CommIdCommand of(String given, boolean launched) {
        if (given != null) {
            return new CommIdCommand(List.of("/bin/sh", "-c", given), false);
        }
        Path neuron = root().resolve("bin/neuron");
        return !launched && Files.isExecutable(neuron)
                ? new CommIdCommand(List.of(neuron.toString(), "--comm-id", "--communicator", "loopback"), true)
                : new CommIdCommand(List.of(), false);
    }

    /** How a user calls this program. */
    static String program() {
        Path tpctl = root().resolve("bin/tpctl");
        Path here = Path.of("").toAbsolutePath();
        return tpctl.startsWith(here) ? here.relativize(tpctl).toString() : tpctl.toString();
    }

    private static Path root() {
        String root = System.getProperty("neuron.root", ".");
        return Path.of(root).toAbsolutePath().normalize();
    }
}
