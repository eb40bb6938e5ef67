package dev.neurontp.harness.daemon.history;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.daemon.runtime.SmallFile;
import dev.neurontp.harness.text.ForeignJson;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import tools.jackson.core.JacksonException;

/**
 * What a daemon has written down of one pool.
 *
 * @param format of this file, 1
 * @param pool as the daemon would have shown it when this was {@code written}
 */
record PoolRecord(int format, Instant written, RecordedDaemon daemon, PoolView pool) {
    static final int FORMAT = 1;

    /** 1024 ranks with all that is known of them. */
    static final int MOST_BYTES = 4 << 20;

    private static final int MOST_RANKS = 1024;

    /** Whether what is known of its end is complete. */
    boolean over() {
        return pool.ended().isPresent();
    }

    /**
     * What stands in {@code file}, which is a stranger's text.
     *
     * @throws IOException with the reason, when it cannot be read, is of another format or breaks a rule; it quotes nothing
     */
    static PoolRecord read(Path file, String id) throws IOException {
        PoolRecord read;
        try {
            read = Json.read(ForeignJson.parse(SmallFile.read(file, MOST_BYTES)), PoolRecord.class);
        } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
            throw new IOException("it does not hold what a daemon writes", e);
        }
        String wrong = read == null ? "it is empty" : read.wrong(id);
        if (wrong != null) {
            throw new IOException(wrong);
        }
        return read;
    }

    /** The first rule that it breaks, or null. */
    private String wrong(String id) {
        if (format != FORMAT) {
            return "its format is " + format + ", and this version reads format " + FORMAT;
        }
        if (written == null || daemon == null || !daemon.plausible()) {
            return "it does not say which daemon wrote it, and when";
        }
        if (pool == null
                || !pool.id().equals(id)
                || pool.created() == null
                || pool.ranks().size() > MOST_RANKS) {
            return "it tells of no pool, or of another one";
        }
        return null;
    }
}
