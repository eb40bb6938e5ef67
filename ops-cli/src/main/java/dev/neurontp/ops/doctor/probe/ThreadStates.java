package dev.neurontp.ops.doctor.probe;

import dev.neurontp.harness.text.ForeignText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Where a process hangs, as {@code /proc} says: the thread that waits in the kernel and takes no signal, else its main one. */
final class ThreadStates {
    private static final char UNINTERRUPTIBLE = 'D';

    private ThreadStates() {}

    /** Such as {@code (thread main: state D in nvidia_ioctl)}, with a blank before it; empty when it has ended. */
    static String of(long pid) {
        List<Path> threads = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            entries.forEach(threads::add);
        } catch (IOException | DirectoryIteratorException _) {
            return "";
        }
        threads.sort(Comparator.comparingLong(
                thread -> Long.parseLong(thread.getFileName().toString())));
        for (Path thread : threads) {
            if (state(thread) == UNINTERRUPTIBLE) {
                return words(thread);
            }
        }
        if (threads.isEmpty()) {
            return "";
        }
        // Java's launcher runs the program on a second thread of the same name.
        boolean java = threads.size() > 1 && name(threads.get(1)).equals(name(threads.getFirst()));
        return words(threads.get(java ? 1 : 0));
    }

    private static String words(Path thread) {
        String place = text(thread.resolve("wchan")).strip();
        return " (thread " + name(thread) + ": state "
                + state(thread)
                + (place.isEmpty() || place.equals("0") ? "" : " in " + ForeignText.of(place, ForeignText.NAME)) + ")";
    }

    private static String name(Path thread) {
        return ForeignText.of(text(thread.resolve("comm")).strip(), ForeignText.NAME);
    }

    private static char state(Path thread) {
        String stat = text(thread.resolve("stat"));
        int at = stat.lastIndexOf(')') + 2;
        return at >= 2 && at < stat.length() ? stat.charAt(at) : '?';
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            // The thread has ended.
            return "";
        }
    }
}
