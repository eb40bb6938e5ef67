package dev.neurontp.ops.client;

import dev.neurontp.harness.daemon.runtime.FileErrors;
import dev.neurontp.harness.daemon.runtime.SmallFile;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A bearer token from its file. It never leaves this package: it is no part of any text.
 *
 * @param problem why there is none; null where there is one
 */
record Token(Path file, String text, CommandException problem) {
    private static final int MOST_BYTES = 4096;
    private static final Pattern SHAPE = Pattern.compile("[\\x21-\\x7e]+");

    /** The one that the user named. */
    static Token named(Path file) {
        return read(file, SmallFile::readNamed);
    }

    /** The one that a daemon's own file names: it may be anything. Where it is none, whoever asks that daemon is told. */
    static Token of(Path file) {
        try {
            return read(file, SmallFile::readFollowing);
        } catch (CommandException e) {
            return new Token(file, null, e);
        }
    }

    /**
     * The token.
     *
     * @throws CommandException when the file holds none
     */
    String secret() {
        if (problem != null) {
            throw problem;
        }
        return text;
    }

    private interface Reader {
        byte[] read(Path file, int atMost) throws IOException;
    }

    private static Token read(Path file, Reader reader) {
        String text;
        try {
            text = new String(reader.read(file, MOST_BYTES), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "the token file " + file + " cannot be read: " + FileErrors.reason(e),
                    "Name the daemon's token file with --token-file. It belongs to the user who runs the daemon.",
                    e);
        }
        if (!SHAPE.matcher(text).matches()) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "the token file " + file + " holds no token (one word on one line)",
                    "Name the daemon's token file with --token-file.");
        }
        return new Token(file, text, null);
    }

    @Override
    public String toString() {
        return "token of " + file;
    }
}
