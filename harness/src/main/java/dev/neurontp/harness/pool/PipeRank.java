package dev.neurontp.harness.pool;

import dev.neurontp.harness.process.AgentLink;
import dev.neurontp.harness.process.LineBoundInput;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.process.ProcessLimitWords;
import dev.neurontp.harness.process.Remains;
import dev.neurontp.harness.process.WorkerProcess;
import dev.neurontp.rpc.Frame;
import dev.neurontp.rpc.FrameReader;
import dev.neurontp.rpc.WireCodec;
import dev.neurontp.rpc.WireException;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.Versions;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * A rank in a process of its own, asked over its pipes. Its reader thread takes one reply for each request and hands it to
 * the exchange that waits for it; whatever else comes fails the rank.
 */
final class PipeRank implements PoolRank {
    /** Exit codes after SIGHUP, SIGINT and SIGTERM. */
    private static final Set<Integer> ASKED_TO_END = Set.of(129, 130, 143);

    private static final String IN_A_REPLY = " in the middle of a reply";

    /** How much later than its worker a leader may handle the same signal, on a busy host. */
    private static final Duration LEADER_SIGNAL_DELAY = Duration.ofMillis(500);

    private final RankIdentity identity;
    private final long device;
    private final WorkerProcess process;
    private final ReplyReader replies;
    private final RankStatus status;
    private volatile LongSupplier unfinished = () -> 0;
    private final RankTermination ending;
    private final CountDownLatch leaving = new CountDownLatch(1);
    private final AtomicReference<Exchange<?>> expected = new AtomicReference<>();
    private volatile boolean stalePongAllowed;
    /** Whether the last line has come in part. */
    private volatile boolean cut;

    private volatile Exchange<WorkerResponse.Bye> shutdown;

    /**
     * A rank whose process was started.
     *
     * @param commandIsWorker whether that process is the worker, so that its exit is the worker's end
     */
    PipeRank(RankIdentity identity, WorkerProcess process, boolean commandIsWorker) {
        this(identity, identity.cudaDevice(), process, commandIsWorker);
    }

    /** The same, with its device as its host counts them. */
    PipeRank(RankIdentity identity, long device, WorkerProcess process, boolean commandIsWorker) {
        this.identity = identity;
        this.device = device;
        this.process = process;
        this.status = new RankStatus(this, RankState.STARTING, process.startedNanos());
        this.replies = new ReplyReader(identity);
        this.ending = new RankTermination(this, process, commandIsWorker);
    }

    @Override
    public void open(Listener listener) {
        status.listener(listener);
        // What its host has printed is told as that, and not as the first reply that is none.
        process.agent().ifPresent(this::openElsewhere);
        try {
            process.listen(this::read, this::ended);
        } catch (ThreadLimitException e) {
            status.fail(null, RankFault.Nature.EXITED, e.getMessage());
        }
    }

    private void openElsewhere(AgentLink agent) {
        if (!agent.noiseBefore().isEmpty()) {
            fail(
                    null,
                    RankFault.Nature.STDOUT,
                    agent.host() + " prints '" + agent.noiseBefore() + "' before anything is started there: a start"
                            + " file of the shell does, make it silent where no person sits at it");
        }
        if (!agent.unheard().isEmpty()) {
            fail(null, RankFault.Nature.TIMEOUT, agent.unheard());
        }
        agent.version()
                .filter(version -> !version.equals(Versions.product()))
                .ifPresent(other -> fail(
                        null,
                        RankFault.Nature.PROTOCOL,
                        agent.host() + " has neuron " + other + ", and its leader is " + Versions.product()
                                + ": install the same on all hosts"));
        process.onSilence(silent -> fail(expected.get(), RankFault.Nature.TIMEOUT, silent));
    }

    @Override
    public int rank() {
        return (int) identity.rank();
    }

    @Override
    public long pid() {
        return process.worker().map(ProcessIdentity::pid).orElse(0L);
    }

    @Override
    public Optional<String> host() {
        return process.agent().map(AgentLink::host);
    }

    @Override
    public boolean takesPart(boolean collective) {
        return true;
    }

    @Override
    public boolean alive() {
        return process.exitCode().isEmpty()
                && !process.identity().gone()
                && process.agent().flatMap(AgentLink::end).isEmpty();
    }

    @Override
    public boolean heard() {
        return process.agent().map(AgentLink::hasSpoken).orElse(true);
    }

    @Override
    public String endWords() {
        return process.endWords();
    }

    @Override
    public long unfinished() {
        return unfinished.getAsLong();
    }

    @Override
    public boolean stopped() {
        return process.worker().filter(ProcessIdentity::stopped).isPresent();
    }

    @Override
    public void move(RankState next) {
        status.move(next);
    }

    /** Whether it has answered {@code bye}. */
    boolean saidBye() {
        Exchange<WorkerResponse.Bye> asked = shutdown;
        return asked != null && asked.hasAnswer(rank());
    }

    @Override
    public RankSnapshot snapshot() {
        return status.snapshot(
                process.worker(),
                Optional.of(process.identity()),
                host(),
                process.agent().flatMap(AgentLink::rssBytes),
                process.started(),
                device);
    }

    /**
     * Writes one request. A pipe takes at least 4096 bytes, and a request is written only when all before it were
     * answered, so this blocks only on a worker that answers without reading; {@link WriteStallWatchdog} ends that.
     */
    @Override
    public void ask(Exchange<?> exchange) {
        if (!expected.compareAndSet(null, exchange)) {
            // While it is asked to leave the exchange is being stopped anyway.
            if (!leaving()) {
                fail(exchange, RankFault.Nature.PROTOCOL, "it has not answered an earlier request yet");
            }
            return;
        }
        exchange.asked(rank());
        try {
            process.write(exchange.request().line());
        } catch (IOException e) {
            // The end of stdout and the exit tell more, and soon; this is for a worker that closed its stdin and runs
            // on.
            if (!process.exitsSoon()) {
                fail(exchange, RankFault.Nature.EXITED, "its stdin cannot be written: " + e.getMessage());
            }
        }
    }

    /**
     * Writes the request to leave, on a thread that may block. False when a reply to something else than a ping is
     * outstanding: a shutdown would wait behind it.
     */
    boolean askToLeave(Exchange<WorkerResponse.Bye> leave) {
        leaving.countDown();
        shutdown = leave;
        // Before the exchange: the pong may come right after it.
        stalePongAllowed = true;
        Exchange<?> outstanding = expected.getAndSet(leave);
        if (status.failed() || (outstanding != null && outstanding.operation() != Operation.PING)) {
            return false;
        }
        if (outstanding == null) {
            stalePongAllowed = false;
        }
        move(RankState.STOPPING);
        return process.writeAside(Operation.SHUTDOWN.request("").line());
    }

    private boolean leaving() {
        return leaving.getCount() == 0;
    }

    @Override
    public void leave() {
        leaving.countDown();
    }

    @Override
    public RankExit end(Termination termination) throws InterruptedException {
        RankExit exit = ending.run(termination);
        if (exit.gone()) {
            move(RankState.GONE);
        } else if (exit.isLost()) {
            move(RankState.LOST);
        }
        return exit;
    }

    @Override
    public void forceEnd() {
        ending.force();
    }

    @Override
    public void forceEnd(String refusal) {
        ending.noteRefusal(refusal);
        ending.force();
    }

    @Override
    public RankExit exit(Duration took) {
        return ending.exitSoFar(took);
    }

    @Override
    public Remains remains() {
        return ending.remains();
    }

    @Override
    public RankFailure explain(RankFault fault, RankExit exit) {
        List<String> stderr = process.lastStderrLines();
        String remedy =
                host().isPresent() ? ProcessLimitWords.remedyElsewhere(stderr) : ProcessLimitWords.remedy(stderr);
        return new RankFailure(fault, pid(), host(), exit.describe() + remedy, stderr);
    }

    /**
     * The stream or the process is at its end. Service managers send their signal to a leader and all its workers at
     * once: so a worker that a signal asked to end is no failure yet, if its leader gets the same signal a moment
     * later.
     */
    private void ended(String how) {
        try {
            if (ASKED_TO_END.contains(process.exitCode().orElse(0))) {
                leaving.await(LEADER_SIGNAL_DELAY.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        fail(expected.get(), RankFault.Nature.EXITED, cut ? how + IN_A_REPLY : how);
    }

    private void read() {
        LineBoundInput lines = new LineBoundInput(process.stdout(), FrameReader.DEFAULT_LIMIT);
        unfinished = lines::unfinished;
        FrameReader frames = new FrameReader(lines, FrameReader.DEFAULT_LIMIT);
        try {
            Frame frame = frames.next();
            while (frame != null) {
                take(frame, System.nanoTime());
                frame = frames.next();
            }
        } catch (LineBoundInput.LineTooLong e) {
            fail(expected.get(), RankFault.Nature.PROTOCOL, e.getMessage());
        } catch (LineBoundInput.BlankFlood e) {
            fail(expected.get(), RankFault.Nature.STDOUT, e.getMessage());
        } catch (IOException e) {
            fail(expected.get(), RankFault.Nature.EXITED, "its stdout failed: " + e.getMessage());
        } finally {
            lines.forget();
        }
    }

    private void take(Frame frame, long now) {
        if (status.failed()) {
            return;
        }
        switch (frame) {
            case Frame.Line line -> takeLine(line, now);
            case Frame.TooLong tooLong ->
                fail(
                        expected.get(),
                        RankFault.Nature.PROTOCOL,
                        "it sent a line of " + tooLong.length() + " bytes: at most " + tooLong.limit() + " are taken");
        }
    }

    private void takeLine(Frame.Line said, long now) {
        byte[] line = said.bytes();
        Exchange<?> exchange = expected.getAndSet(null);
        if (!said.terminated() && !isWhole(line)) {
            cut = true; // the end of its stream tells the rest, but of one that was to leave
            if (exchange != null && exchange.operation() == Operation.SHUTDOWN) {
                ending.noteRefusal("it ended" + IN_A_REPLY);
            }
            expected.compareAndSet(null, exchange);
            return;
        }
        if (isStalePong(exchange, line)) {
            stalePongAllowed = false;
            expected.compareAndSet(null, exchange);
            return;
        }
        status.take(exchange, replies.read(exchange == null ? null : exchange.operation(), line), now);
    }

    private static boolean isWhole(byte[] line) {
        try {
            WireCodec.decodeResponse(line);
            return true;
        } catch (WireException _) {
            return false;
        }
    }

    /** Whether it is the answer to the ping that a shutdown overtook. */
    private boolean isStalePong(Exchange<?> exchange, byte[] line) {
        return stalePongAllowed
                && exchange != null
                && exchange.operation() == Operation.SHUTDOWN
                && replies.read(Operation.PING, line) instanceof Reply.Right;
    }

    @Override
    public void fail(Exchange<?> exchange, RankFault.Nature nature, String reason) {
        if (!leaving() || nature != RankFault.Nature.EXITED) {
            status.fail(exchange, nature, reason);
        }
    }
}
