package dev.neurontp.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What runs on this host. A test marks what it starts by a variable in the environment, which children inherit. */
public final class Processes {
    private Processes() {}

    /** One of them. */
    public record Running(long pid, String commandLine) {
        public void kill() {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }

        @Override
        public String toString() {
            return pid + " " + commandLine;
        }
    }

    /** Those that have this {@code NAME=value} in their environment, wherever they have gone. */
    public static List<Running> with(String variable) {
        List<Running> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (List.of(text(process.resolve("environ")).split("\0", -1)).contains(variable)) {
                    String commandLine = text(process.resolve("cmdline")).replace('\0', ' ');
                    found.add(new Running(Long.parseLong(process.getFileName().toString()), commandLine));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            // It has ended meanwhile, or is another user's.
            return "";
        }
    }
}
