package dev.neurontp.conformance.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The pipe that a worker's stdout is, as the kernel shows it in /proc. What it tells is true however busy the host is: a reader
 * that had no turn yet is no stdout that somebody holds open.
 *
 * @param name such as {@code pipe:[4711]}; empty where the worker was gone before it could be asked
 */
record StdoutPipe(Optional<String> name) {

    private static final String STDOUT = "1";
    private static final String DESCRIPTORS = "fd";

    static StdoutPipe of(long pid) {
        return new StdoutPipe(target(descriptors(pid).resolve(STDOUT)));
    }

    /** Whether one of these holds it open, and all that was written has been taken out of it. */
    boolean isHeldAndEmpty(List<RunningProcesses.Found> processes) {
        return processes.stream().anyMatch(process -> isHeldAndEmpty(process.pid()));
    }

    private boolean isHeldAndEmpty(long pid) {
        return waiting(RunningProcesses.folder(pid).resolve(DESCRIPTORS))
                .filter(bytes -> bytes == 0)
                .isPresent();
    }

    /** Whether this process has the pipe open, and bytes wait in it. */
    boolean hasBytesForUs() {
        return name.isPresent()
                && waiting(descriptors(ProcessHandle.current().pid()))
                        .filter(bytes -> bytes > 0)
                        .isPresent();
    }

    /** How many bytes wait in it; empty where that process does not hold it, has ended since or is another user's. */
    private Optional<Integer> waiting(Path descriptors) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
            for (Path descriptor : all) {
                if (isThis(descriptor)) {
                    // Opened once more, to ask how much waits in it.
                    try (FileInputStream pipe = new FileInputStream(descriptor.toFile())) {
                        return Optional.of(pipe.available());
                    }
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private boolean isThis(Path descriptor) {
        Optional<String> target = target(descriptor);
        return name.isPresent()
                ? target.equals(name)
                : descriptor.endsWith(STDOUT)
                        && target.filter(it -> it.startsWith("pipe:")).isPresent();
    }

    private static Path descriptors(long pid) {
        return Path.of("/proc", Long.toString(pid), DESCRIPTORS);
    }

    private static Optional<String> target(Path descriptor) {
        try {
            return Optional.of(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
