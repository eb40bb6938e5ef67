package dev.neurontp.harness.daemon.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/** The bearer token of a daemon. Never printed: {@link #toString} hides it. Immutable. */
public final class Token {
    private static final int BYTES = 32;
    private static final int MOST_BYTES = 4096;
    private static final Pattern SHAPE = Pattern.compile("[0-9A-Za-z_-]{32,256}");
    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    private final String text;

    private Token(String text) {
        this.text = text;
    }

    /**
     * Reads the token in {@code file}; creates one first, 64 hex digits of 256 random bits, when there is no such file.
     *
     * @throws IOException with the reason, for an operator; it never quotes the content
     */
    public static Token readOrCreate(Path file) throws IOException {
        try {
            return read(file);
        } catch (IOException e) {
            if (!(e.getCause() instanceof NoSuchFileException)) {
                throw e;
            }
        }
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        new Token(HexFormat.of().formatHex(random)).putInto(file);
        return read(file);
    }

    /** Writes this token into {@code file}, unless there is one. */
    void putInto(Path file) throws IOException {
        PrivateFile.createIfMissing(file, (text + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether {@code file} holds this token, for its owner alone. */
    boolean isIn(Path file) {
        try {
            return read(file).matches(text);
        } catch (IOException _) {
            return false;
        }
    }

    /**
     * Reads the token in {@code file}.
     *
     * @throws IOException with the reason, for a user; it never quotes the content
     */
    public static Token read(Path file) throws IOException {
        String text;
        try {
            text = new String(SmallFile.readFollowing(file, MOST_BYTES), StandardCharsets.ISO_8859_1).strip();
        } catch (NoSuchFileException e) {
            throw new IOException("there is no token file " + file + ": start the daemon, which creates it", e);
        } catch (IOException e) {
            throw new IOException("the token file " + file + " cannot be read: " + FileErrors.reason(e), e);
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        if (mode.stream().anyMatch(OTHERS::contains)) {
            throw new IOException("the token file " + file + " has the mode " + PosixFilePermissions.toString(mode)
                    + ", and nobody else may read it: run chmod 600 " + file);
        }
        int owner = RuntimeFolder.uid(file);
        if (owner != RuntimeFolder.ownUid()) {
            throw new IOException("the token file " + file + " belongs to the user with id " + owner
                    + ", who knows it: run chown " + RuntimeFolder.ownUid() + " " + file
                    + ", or delete it to have a new one created");
        }
        if (!SHAPE.matcher(text).matches()) {
            throw new IOException(
                    "the token file " + file
                            + " does not hold a token: one line of 32 to 256 letters, digits, - and _; delete it to have one created");
        }
        return new Token(text);
    }

    /** Whether {@code other} is this token, compared in constant time. */
    public boolean matches(String other) {
        return MessageDigest.isEqual(text.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    /** The value of the header {@code Authorization}. Not for logs. */
    public String header() {
        return "Bearer " + text;
    }

    @Override
    public String toString() {
        return "(token)";
    }
}
