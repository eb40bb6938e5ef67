package dev.neurontp.conformance.mutant;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Programs that a test writes and then starts. Another process writes them: a process that another test starts meanwhile would hold a file
 * of this one open for writing for a moment, and the kernel starts no such file ("Text file busy").
 */
public final class OwnPrograms {

    private OwnPrograms() {}

    /** A shell script of these lines. */
    public static Path script(Path file, String lines) throws IOException {
        return made(file, "#!/bin/sh\n" + lines, "sh", "-c", "cat >\"$1\" && chmod 755 \"$1\"", "sh", file.toString());
    }

    /** The same program in another place. */
    public static Path copy(Path program, Path file) throws IOException {
        return made(file, "", "cp", program.toString(), file.toString());
    }

    private static Path made(Path file, String input, String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        try {
            if (process.waitFor() != 0) {
                throw new IOException(file + " was not made");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return file;
    }
}
