package dev.neurontp.harness.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small program of this project in a JVM of its own, with the Java and the class path of this one. */
public final class JavaProgram {
    private JavaProgram() {}

    /** The words that start it; its arguments may be added to the list. */
    public static List<String> command(Class<?> main) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-XX:ErrorFile=/dev/null", // a crash would leave a file in the current folder
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.library.path=" + inherited(System.getProperty("java.library.path", "")),
                "-cp",
                classPath(),
                main.getName()));
        return command;
    }

    /** Whether it is such a command, or has one in it. */
    static boolean isOne(List<String> command) {
        return command.contains(classPath());
    }

    private static String classPath() {
        return inherited(System.getProperty("java.class.path"));
    }

    /** Descriptors of this process, through which a folder with a colon is reached, are not inherited. */
    private static String inherited(String path) {
        return path.replace("/proc/self/fd/", "/proc/" + ProcessHandle.current().pid() + "/fd/");
    }
}
