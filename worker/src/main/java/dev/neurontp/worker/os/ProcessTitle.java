package dev.neurontp.worker.os;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What ps, top and nvidia-smi show of this process: else each would be {@code java} with a long class path. As setproctitle of BSD does
 * it, in the place of the arguments, which Java has read long before.
 */
public final class ProcessTitle {
    /** What {@code /proc/PID/comm} holds. */
    private static final int LONGEST_NAME = 15;

    /** Fields 48 and 49 of {@code /proc/PID/stat}, counted from the first after the name. */
    private static final int ARGUMENTS_START = 45;

    private static final int ARGUMENTS_END = 46;

    private ProcessTitle() {}

    /**
     * Shows it from now on.
     *
     * @param title for the command line; what does not fit into the place of the old one is cut off
     * @param names for tools that show 15 characters: the first that fits is taken
     */
    public static void show(String title, String... names) {
        show(Path.of("/proc/self"), title, names);
    }

    static void show(Path self, String title, String... names) {
        try {
            rename(self, names);
            write(self, title);
        } catch (IOException | RuntimeException _) {
            // A host that forbids it, or whose stat does not tell the place (gVisor has zeros there): only people look
            // at it,
            // and they see the old one.
        }
    }

    /** The name of the first thread is that of the process. */
    private static void rename(Path self, String... names) throws IOException {
        for (String name : names) {
            if (name.length() <= LONGEST_NAME) {
                try (FileOutputStream out =
                        new FileOutputStream(self.resolve("comm").toFile())) {
                    out.write(name.getBytes(ISO_8859_1));
                }
                return;
            }
        }
    }

    private static void write(Path self, String title) throws IOException {
        String stat = Files.readString(self.resolve("stat"), ISO_8859_1);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", ARGUMENTS_END + 2);
        long start = Long.parseLong(fields[ARGUMENTS_START]);
        int length = Math.toIntExact(Long.parseLong(fields[ARGUMENTS_END]) - start);
        // The last byte stays 0: where it is not, the kernel takes the environment that follows for a part of the
        // title.
        byte[] text = Arrays.copyOf(title.getBytes(ISO_8859_1), length);
        text[length - 1] = 0;
        try (RandomAccessFile memory = new RandomAccessFile(self.resolve("mem").toFile(), "rw")) {
            memory.seek(start);
            memory.write(text);
        }
    }
}
