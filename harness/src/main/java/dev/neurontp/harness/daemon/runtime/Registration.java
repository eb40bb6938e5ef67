package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a daemon visible to clients for as long as it runs: its file, the token and the list of its workers are looked
 * for every few seconds, and written again where they are gone. A login session that ends takes its folder with it;
 * then they go to the next folder. Its file and that list are touched from time to time, which tells other hosts that its daemon
 * lives, and keeps them from who removes what is old.
 */
public final class Registration {
    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);
    private static final Duration LOOK = Duration.ofSeconds(3);
    static final Duration TOUCH = Duration.ofSeconds(30);
    /** A file system that does not answer must not block a new certificate. */
    private static final Duration SHOW = Duration.ofMillis(500);

    private final RuntimeFolders folders;
    private final Token token;
    private final boolean tokenIsOurs;
    private final WorkerLedger ledger;
    private final InstantSource clock;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ReentrantLock writing = new ReentrantLock();
    private volatile RuntimeFolder folder;
    private volatile DaemonFile file;
    private volatile Instant touched;
    /** The fingerprints of the certificates that clients shall take. */
    private volatile List<String> shown;
    /** Whether what stands in the folder is older than {@link #file}. */
    private volatile boolean outdated;

    private final RepeatedProblem problems = new RepeatedProblem();

    /**
     * Nothing is written so far.
     *
     * @param folders where it may be written, in this order
     * @param folder the one to begin with, which is open
     * @param file the daemon, which listens
     * @param tokenIsOurs whether the token's file is one in the folder, and not one that the settings name
     */
    public Registration(
            RuntimeFolders folders,
            RuntimeFolder folder,
            DaemonFile file,
            Token token,
            boolean tokenIsOurs,
            WorkerLedger ledger,
            InstantSource clock) {
        this.folders = folders;
        this.folder = folder;
        this.file = file;
        this.shown = file.certificates();
        this.token = token;
        this.tokenIsOurs = tokenIsOurs;
        this.ledger = ledger;
        this.clock = clock;
        this.touched = clock.instant();
    }

    /**
     * Writes the file, and keeps it.
     *
     * @throws IOException when it cannot be written; the message is for an operator
     */
    public void begin() throws IOException {
        file.write(folder);
        touched = clock.instant();
        try {
            DaemonThread.start("registration", this::keep);
        } catch (ThreadLimitException e) {
            file.remove(folder, true);
            throw e;
        }
    }

    /** What stands in the folder. */
    public DaemonFile file() {
        return file;
    }

    /** The folder that the daemon is found in now. */
    public RuntimeFolder folder() {
        return folder;
    }

    /** The fingerprints of the certificates that clients take from now on. Written again later where it cannot be now. */
    public void show(List<String> certificates) {
        shown = List.copyOf(certificates);
        try {
            // Whoever renews a certificate must not wait for a file system that does not answer.
            if (!DaemonThread.runWithin(SHOW, "registration-show", this::writeShown)) {
                report("the folder " + folder.path()
                        + " does not answer, so tpctl on this host refuses this daemon's new"
                        + " certificate until then");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeShown() {
        writing.lock();
        try {
            takeShown();
            if (outdated && !hasEnded()) {
                write();
            }
        } catch (IOException e) {
            report("this daemon's new certificate cannot be written into its file in " + folder.path() + ", so tpctl on"
                    + " this host refuses it until then: " + FileErrors.reason(e));
        } finally {
            writing.unlock();
        }
    }

    private void takeShown() {
        if (!shown.equals(file.certificates())) {
            file = file.listeningAt(file.url(), shown);
            outdated = true;
        }
    }

    private void write() throws IOException {
        file.write(folder);
        outdated = false;
        touched = clock.instant();
    }

    private void keep() {
        try {
            while (!ended.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                check();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Checks once. */
    void check() {
        writing.lock();
        try {
            if (hasEnded()) {
                return;
            }
            takeShown();
            try {
                keepFile();
            } finally {
                ledger.keep();
            }
        } catch (IOException e) {
            report("this daemon's file in " + folder.path() + " cannot be kept: " + FileErrors.reason(e));
        } finally {
            writing.unlock();
        }
    }

    private void keepFile() throws IOException {
        if (!isThere()) {
            writeAgain();
        } else if (outdated) {
            write();
        } else if (isTouchDue()) {
            touch();
        }
    }

    private boolean isThere() {
        boolean written = folder.daemonFiles(file.pid()).stream().anyMatch(file::isIn);
        return written && (!tokenIsOurs || token.isIn(Path.of(file.tokenFile())));
    }

    /** Also where the clock was set back. */
    private boolean isTouchDue() {
        return Duration.between(touched, clock.instant()).abs().compareTo(TOUCH) > 0;
    }

    private void touch() throws IOException {
        for (Path known : folder.daemonFiles(file.pid())) {
            if (file.isIn(known)) {
                PrivateFile.touch(known);
            }
        }
        ledger.touch();
        touched = clock.instant();
    }

    private void writeAgain() throws IOException {
        RuntimeFolder next = folders.open();
        DaemonFile again = tokenIsOurs ? file.withTokenIn(token(next)) : file;
        if (hasEnded()) {
            return; // whoever ends waits for this, and not for more than it must
        }
        again.write(next);
        outdated = false;
        if (hasEnded()) {
            return;
        }
        ledger.moveTo(next);
        folder = next;
        file = again;
        touched = clock.instant();
        report("this daemon's file or its token was gone; they are in " + next.path() + " now");
    }

    /** Puts the token where clients look for it; the folder may hold another one, of daemons that began there. */
    private Path token(RuntimeFolder next) throws IOException {
        Path usual = next.tokenFile();
        token.putInto(usual);
        if (token.isIn(usual)) {
            return usual;
        }
        Path ours = next.ownTokenFile(file.pid());
        if (Files.exists(ours, LinkOption.NOFOLLOW_LINKS) && !token.isIn(ours)) {
            Files.delete(ours);
        }
        token.putInto(ours);
        return ours;
    }

    private boolean hasEnded() {
        return ended.getCount() == 0;
    }

    private void report(String text) {
        if (problems.isNew(text)) {
            LOG.warn(text);
        }
    }

    /**
     * Takes the file out of the folder; what is being written there comes first. Nothing is written after it.
     *
     * @param workersGone whether the list of workers can go too; else the next start looks after them
     * @param bound is waited for a file system that does not answer, at most
     */
    public void end(boolean workersGone, Duration bound) throws InterruptedException {
        ended.countDown();
        if (!DaemonThread.runWithin(bound, "registration-end", () -> remove(workersGone))) {
            LOG.warn("the daemon's file in {} could not be removed in time", folder.path());
        }
    }

    private void remove(boolean workersGone) {
        boolean listToo = workersGone && !ledger.hasInherited();
        writing.lock();
        try {
            if (listToo) {
                ledger.close();
            }
            // A copy may be in a folder that could not be reached for a while.
            folders.own().forEach(known -> removeFrom(known, listToo));
        } finally {
            writing.unlock();
        }
    }

    private void removeFrom(RuntimeFolder known, boolean listToo) {
        try {
            file.remove(known, listToo);
            Path ourToken = known.ownTokenFile(file.pid());
            if (Files.exists(ourToken, LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(ourToken);
            }
        } catch (IOException e) {
            LOG.warn("the daemon's file cannot be removed from {}: {}", known.path(), FileErrors.reason(e));
        }
    }
}
