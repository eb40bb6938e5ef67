package dev.neurontp.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the programs of this checkout are, and how a test starts them. */
public final class Programs {
    private Programs() {}

    /** The checkout. */
    public static Path root() {
        return Path.of(System.getProperty("neurontp.root", ".."))
                .toAbsolutePath()
                .normalize();
    }

    /** The launcher {@code bin/neuron}. */
    public static String neuron() {
        return root().resolve("bin/neuron").toString();
    }

    /** The launcher {@code bin/tpctl}. */
    public static String tpctl() {
        return root().resolve("bin/tpctl").toString();
    }

    /** A command line of this JDK's java: the options that make a short life cheap, then {@code arguments}. */
    public static List<String> java(String... arguments) {
        return concat(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED"),
                arguments);
    }

    /** The same command, with SIGINT as a terminal's programs have it: what is started behind an & has it ignored. */
    public static List<String> interruptible(List<String> command) {
        return concat(List.of("env", "--default-signal=INT"), command.toArray(String[]::new));
    }

    /** Where a program of that name stands on the PATH; empty where this host has none. */
    public static Optional<Path> onPath(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(place -> Path.of(place, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Whether this host has that program, and it ends with 0: what a test needs that else is skipped. */
    public static boolean runs(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false; // there is no such program
        }
    }

    /** {@code first} and then {@code rest}. */
    public static List<String> concat(List<String> first, String... rest) {
        return Stream.concat(first.stream(), Stream.of(rest)).toList();
    }
}
