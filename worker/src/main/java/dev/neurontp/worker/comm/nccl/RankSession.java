package dev.neurontp.worker.comm.nccl;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.RankIdentity;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The thread of a rank and the group that it works on, from the first call to the end, and what broke them. Every call has a
 * bound. Any thread may abort or close it.
 */
final class RankSession {
    /** After its own deadline a call asks the RAS port, aborts and returns; what takes longer is stuck. */
    private static final Duration RETURN_BOUND = Duration.ofSeconds(1);

    private static final Duration ABORT_NOTICE = Duration.ofMillis(500);

    /** What there is once it was needed. */
    private record Opened(RankThread thread, InterruptionNotice notice, NcclGroup group) {}

    private final RankIdentity identity;
    private final NcclSettings settings;
    private final RankDescription description;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Opened opened;
    private volatile boolean aborted;
    private volatile String broken;

    RankSession(RankIdentity identity, NcclSettings settings, RankDescription description) {
        this.identity = identity;
        this.settings = settings;
        this.description = description;
    }

    /** The group, which is joined once in a process; one that has not begun to join can be used again. */
    NcclGroup open(OpenLibraries libraries) throws CommunicatorException {
        Opened current = opened;
        if (current == null) {
            RankThread thread = NcclProvider.start("nccl-rank-" + identity.rank());
            NcclGroup group = new NcclGroup(identity, settings, description, libraries, thread, () -> aborted);
            current = new Opened(thread, new InterruptionNotice(identity, thread), group);
            opened = current;
        }
        return current.group;
    }

    /** The group, once this rank has joined it. */
    Optional<NcclGroup> joined() {
        return Optional.ofNullable(opened).map(Opened::group).filter(NcclGroup::isJoined);
    }

    /** What broke the group for good; empty while nothing has. */
    Optional<String> broken() {
        return Optional.ofNullable(broken);
    }

    void requireWhole(ErrorKind kind) throws CommunicatorException {
        if (broken != null) {
            throw new CommunicatorException(kind, "the group of rank " + identity.rank() + " is gone: " + broken);
        }
    }

    void requireLive(ErrorKind kind) throws CommunicatorException {
        if (aborted) {
            throw new CommunicatorException(kind, "rank " + identity.rank() + " was aborted by its leader");
        }
    }

    /** A run on the rank's thread that ends within a bound. */
    @FunctionalInterface
    private interface BoundedWork<T> {
        T run(RankThread thread, Duration bound) throws NcclException, TimeoutException;
    }

    /**
     * Runs it on the rank's thread.
     *
     * @param deadline the work's own; the thread gets some more for what comes after a failure
     */
    <T> T run(String what, ErrorKind kind, Duration deadline, Callable<T> work) throws CommunicatorException {
        return onThread(what, kind, (thread, bound) -> thread.run(work, bound), deadline);
    }

    /** Runs it there, where each of its steps has that deadline. */
    <T> T runSteps(String what, ErrorKind kind, Duration deadline, Callable<T> work) throws CommunicatorException {
        return onThread(what, kind, (thread, bound) -> thread.runSteps(work, bound), deadline);
    }

    private <T> T onThread(String what, ErrorKind kind, BoundedWork<T> work, Duration deadline)
            throws CommunicatorException {
        Opened current = opened;
        try {
            return work.run(
                    current.thread,
                    deadline.plus(NcclGroup.RAS_BOUND).plus(settings.abort()).plus(RETURN_BOUND));
        } catch (TimeoutException e) {
            String doing = current.thread.describe();
            Optional<String> problem = current.group.abortWithin(settings.abort());
            broken = what + " failed: rank " + identity.rank() + " is stuck in a native call: " + doing
                    + "; " + problem.orElse("it was aborted") + ". "
                    + description.describe();
            throw lost(kind, e);
        } catch (NcclException e) {
            String account = what + " failed: " + e.getMessage() + ". " + description.describe();
            if (!current.group.isBroken()) {
                throw new CommunicatorException(kind, account, e);
            }
            broken = account;
            throw lost(kind, e);
        }
    }

    private CommunicatorException lost(ErrorKind kind, Exception cause) {
        return new CommunicatorException(kind, broken + ". This process cannot join again: start a new worker", cause);
    }

    /** Ends what is under way, from another thread. */
    void abort() {
        aborted = true;
        Opened current = opened;
        if (current == null) {
            return;
        }
        current.thread.wake();
        // A wait notices by itself. A native call that does not return is ended from here, or not at all.
        if (!current.thread.isIdleWithin(ABORT_NOTICE)) {
            current.group.abortWithin(settings.abort());
        }
    }

    /** Leaves the group within a bound, once. */
    void close() {
        aborted = true;
        Opened current = opened;
        if (current == null || !closed.compareAndSet(false, true)) {
            return;
        }
        current.thread.wake();
        current.notice.close();
        try {
            current.thread.run(current.group::leave, settings.abort());
        } catch (TimeoutException | NcclException e) {
            broken = "leaving the group failed: " + e.getMessage();
        }
        current.thread.end();
    }
}
