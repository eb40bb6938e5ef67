package dev.neurontp.worker;

import dev.neurontp.rpc.Frame;
import dev.neurontp.rpc.FrameReader;
import dev.neurontp.rpc.FrameWriter;
import dev.neurontp.rpc.RepeatedLine;
import dev.neurontp.rpc.WireCodec;
import dev.neurontp.rpc.WireException;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.PendingRequests.Pending;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Requests in, replies out, in the same order. A thread of its own reads on while an answer is worked on, so that the
 * end of stdin is seen although a collective blocks; the thread that answers is the one that calls {@link #run}. A ping
 * that nothing is ahead of is answered by the reader itself: a second thread would have to wake up for it.
 */
final class ServeLoop {
    private static final long FULL_CHECK_MILLIS = 500;

    private final FrameReader in;
    private final Supplier<OutputStream> stdout;
    private final Rank rank;
    private final ShutdownWatchdog ending;
    private final BooleanSupplier hungUp;
    private final Log log;
    private final PendingRequests pending = new PendingRequests();
    private final WriteWatchdog readersWrites = new WriteWatchdog(this::lookForHangUp);
    /** Set before the first request is taken, and used by the reader only after that. */
    private FrameWriter out;

    private final RepeatedLine<Pending> repeated = new RepeatedLine<>();

    private volatile boolean failed;

    /**
     * A loop over one worker's streams.
     *
     * @param stdout opened in the thread that answers, when the reader runs already
     * @param hungUp whether the leader is gone, asked only while nothing more can be read
     */
    ServeLoop(
            InputStream stdin,
            Supplier<OutputStream> stdout,
            Rank rank,
            ShutdownWatchdog ending,
            BooleanSupplier hungUp,
            Log log) {
        this.in = new FrameReader(stdin);
        this.stdout = stdout;
        this.rank = rank;
        this.ending = ending;
        this.hungUp = hungUp;
        this.log = log;
    }

    /** Serves until EOF, shutdown or a reply that cannot be written, and returns the exit code. */
    int run() throws InterruptedException {
        try {
            DaemonThread.start("stdin", this::readAll, this::readerFailed);
        } catch (ThreadLimitException e) {
            log.error("stdin cannot be read: " + e.getMessage());
            return ExitCode.FAILED;
        }
        out = new FrameWriter(stdout.get());
        while (true) {
            Pending next = pending.take();
            if (next != null) {
                answer(next);
            }
            if (failed) {
                return ExitCode.FAILED;
            }
            if (next == null || next.isShutdown()) {
                return ExitCode.OK;
            }
        }
    }

    private void answer(Pending next) {
        WorkerResponse reply = next.request() == null ? next.refusal() : rank.answer(next.request());
        try {
            ending.writing(true);
            out.write(reply);
            ending.writing(false);
        } catch (IOException e) {
            log.error("a reply could not be written, is the leader gone? " + e.getMessage());
            failed = true;
        }
    }

    private void readAll() {
        try {
            boolean more = true;
            while (more) {
                more = readOne();
            }
        } catch (IOException e) {
            log.error("stdin cannot be read: " + e.getMessage());
            failed = true;
        } catch (InterruptedException e) {
            log.bug("reading stdin was interrupted", new IllegalStateException(e));
            failed = true;
        }
        end();
    }

    private void readerFailed(Thread reader, Throwable e) {
        log.bug("reading stdin failed", e);
        failed = true;
        end();
    }

    private void end() {
        pending.end();
        ending.begin();
    }

    /** Whether there may be more to read: not after EOF, and what follows a shutdown is dropped (L2). */
    private boolean readOne() throws IOException, InterruptedException {
        Frame frame = in.next();
        if (frame == null) {
            return false;
        }
        Pending next = decode(frame);
        if (next.isQuick() && pending.allAnswered()) {
            if (readersWrites.begin()) {
                answer(next);
                readersWrites.end();
                return !failed;
            }
        }
        while (!pending.offer(next, FULL_CHECK_MILLIS)) {
            lookForHangUp();
        }
        return !next.isShutdown();
    }

    private void lookForHangUp() {
        if (hungUp.getAsBoolean()) {
            ending.begin();
        }
    }

    private Pending decode(Frame frame) {
        if (frame instanceof Frame.TooLong tooLong) {
            return Pending.refused(tooLong.toResponse());
        }
        byte[] line = ((Frame.Line) frame).bytes();
        Pending again = repeated.of(line);
        if (again != null) {
            return again;
        }
        try {
            Pending asked = Pending.ask(WireCodec.decodeRequest(line));
            repeated.keep(line, asked);
            return asked;
        } catch (WireException e) {
            return Pending.refused(e.toResponse());
        }
    }
}
