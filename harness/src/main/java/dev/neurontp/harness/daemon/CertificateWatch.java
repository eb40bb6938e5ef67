package dev.neurontp.harness.daemon;

import dev.neurontp.harness.daemon.runtime.FileErrors;
import dev.neurontp.harness.daemon.settings.LiveSettings;
import dev.neurontp.harness.daemon.settings.SettingsException;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds whether somebody has renewed the files of the certificate, and has them read again: until that has
 * succeeded, since a reason such as a file system that does not answer passes by itself.
 */
final class CertificateWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
    private static final Duration LOOK = Duration.ofSeconds(2);
    /** After a try that failed, where the files are the same. */
    private static final Duration TRY_AGAIN = Duration.ofSeconds(30);

    private final List<Path> files;
    private final FileStamps stamps;
    private final LiveSettings live;
    private final Duration tryAgain;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Of the last try. */
    private List<String> tried;

    private boolean taken = true;
    private Deadline retry = Deadline.in(Duration.ZERO);
    private String lastProblem = "";

    /** Of no files: it never looks. Before the files are read the first time, so that no change after that is missed. */
    CertificateWatch(List<Path> files, LiveSettings live) throws InterruptedException {
        this(files, live, TRY_AGAIN);
    }

    CertificateWatch(List<Path> files, LiveSettings live, Duration tryAgain) throws InterruptedException {
        this.files = List.copyOf(files);
        this.stamps = new FileStamps(files);
        this.live = live;
        this.tryAgain = tryAgain;
        this.tried = first();
    }

    /** Empty where they cannot be seen: then they are read once more when they can. */
    private List<String> first() throws InterruptedException {
        try {
            return stamps.read();
        } catch (IOException e) {
            notSeen(e);
            return List.of();
        }
    }

    /**
     * Begins to look.
     *
     * @throws ThreadLimitException when the host gives no thread
     */
    void start() throws ThreadLimitException {
        if (!files.isEmpty()) {
            DaemonThread.start("certificate-watch", this::watch);
        }
    }

    private void watch() {
        try {
            while (!closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has the files read where they have changed, or where the last try failed a while ago. */
    void look() throws InterruptedException {
        try {
            List<String> now = stamps.read();
            if (!now.equals(tried) || (!taken && retry.expired())) {
                tried = now;
                taken = reload();
                retry = Deadline.in(tryAgain);
            } else if (taken) {
                lastProblem = "";
            }
        } catch (IOException e) {
            notSeen(e);
        }
    }

    private boolean reload() {
        try {
            live.reloadFiles();
            LOG.info("the certificate was read again: {}", files.getFirst());
            lastProblem = "";
            return true;
        } catch (SettingsException e) {
            // Also between the two files of a renewal: the second one is the next change.
            return notTaken(e.getMessage());
        } catch (RuntimeException e) {
            return notTaken(e.toString());
        }
    }

    private boolean notTaken(String problem) {
        report("the new certificate is not taken: ", problem);
        return false;
    }

    private void notSeen(IOException e) {
        report("whether the certificate was renewed cannot be seen: ", FileErrors.reason(e));
    }

    private void report(String what, String problem) {
        if (!problem.equals(lastProblem)) {
            problem.lines().forEach(line -> LOG.warn("{}{}", what, line));
        }
        lastProblem = problem;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
