package dev.neurontp.harness.daemon.dashboard;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Links that work once, and the sessions that they open. A session may read and change nothing; it ends with its time or with the
 * daemon. Only digests are kept. Any thread may call.
 */
public final class Sessions {
    /** From a link's creation to its use. */
    public static final Duration LINK = Duration.ofMinutes(1);

    /** From a session's beginning to its end. */
    public static final Duration SESSION = Duration.ofHours(12);

    /** Of each; the oldest one goes first. */
    private static final int MOST = 64;

    private static final int BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final LongSupplier nanoTime;
    private final Map<String, Long> links = new LinkedHashMap<>();
    private final Map<String, Long> sessions = new LinkedHashMap<>();

    /** With the JVM's own clock. */
    public Sessions() {
        this(System::nanoTime);
    }

    /** With another clock, in nanoseconds. */
    public Sessions(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A new link's code: 64 hex digits. */
    public synchronized String link() {
        return add(links, LINK);
    }

    /** A new session for a code that was not used and is not too old; empty for any other text. */
    public synchronized Optional<String> open(String code) {
        boolean valid = knows(links, code);
        links.remove(digest(code));
        return valid ? Optional.of(open()) : Optional.empty();
    }

    /** A new session: 64 hex digits. */
    public synchronized String open() {
        return add(sessions, SESSION);
    }

    /** Whether that is a session that has not ended. */
    public synchronized boolean knows(String session) {
        return knows(sessions, session);
    }

    /** Ends that session. */
    public synchronized void end(String session) {
        sessions.remove(digest(session));
    }

    /** Ends every session, and every link that was not used. */
    public synchronized void endAll() {
        links.clear();
        sessions.clear();
    }

    private String add(Map<String, Long> known, Duration life) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String secret = HexFormat.of().formatHex(bytes);
        if (known.size() >= MOST) {
            known.remove(known.keySet().iterator().next());
        }
        known.put(digest(secret), nanoTime.getAsLong() + life.toNanos());
        return secret;
    }

    private boolean knows(Map<String, Long> known, String secret) {
        String digest = digest(secret);
        Long end = known.get(digest);
        if (end != null && end - nanoTime.getAsLong() <= 0) {
            known.remove(digest);
            return false;
        }
        return end != null;
    }

    private static String digest(String secret) {
        try {
            byte[] bytes = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
