package dev.neurontp.conformance.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The signals that this process was started with ignored, as a shell does for what it puts behind an &amp; and nohup for SIGHUP.
 * A child inherits that, and could not be judged by them: so each worker is started through a program that makes them the
 * default again.
 */
final class InheritedSignals {

    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "QUIT", 3, "PIPE", 13, "TERM", 15);
    private static final List<String> IGNORED = ignoredHere();
    private static final List<String> RESET = reset(IGNORED);

    private InheritedSignals() {}

    /** What to put before a command so that it starts with the default for every signal; often nothing. */
    static List<String> reset() {
        return RESET;
    }

    /** Whether a worker starts with this signal ignored all the same: nothing here can change it. */
    static boolean isIgnoredInWorkers(String name) {
        return RESET.isEmpty() && IGNORED.contains(name);
    }

    static List<String> reset(List<String> ignored) {
        if (ignored.isEmpty()) {
            return List.of();
        }
        String names = String.join(",", ignored);
        // The shell between them lets the command have a = in its path, which env would take for a variable.
        List<String> env = List.of("env", "--default-signal=" + names, "/bin/sh", "-c", "exec \"$@\"", "sh");
        List<String> perl =
                List.of("perl", "-e", "$SIG{$_} = 'DEFAULT' for split /,/, shift; exec @ARGV or exit 127", names);
        return works(env) ? env : works(perl) ? perl : List.of();
    }

    private static boolean works(List<String> prefix) {
        List<String> line = new ArrayList<>(prefix);
        line.add("true");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
            return DescriptorRoom.start(builder).waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static List<String> ignoredHere() {
        try {
            long mask = Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("SigIgn:"))
                    .mapToLong(line -> Long.parseUnsignedLong(
                            line.substring("SigIgn:".length()).strip(), 16))
                    .findFirst()
                    .orElse(0);
            return NUMBERS.entrySet().stream()
                    .filter(signal -> (mask >> (signal.getValue() - 1) & 1) == 1)
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
