package dev.neurontp.harness.pool;

import dev.neurontp.harness.process.AgentLink;
import dev.neurontp.harness.process.EndCommand;
import dev.neurontp.harness.process.ExitWords;
import dev.neurontp.harness.process.WorkerProcess;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The comm_id of a pool on other hosts: created and served by {@code neuron --comm-id} on the host of rank 0, so that the leader needs
 * neither the library nor a port that the hosts can reach.
 */
record PlacedCommunicators(PlacedStart start, RankIdentity rankZero, PoolOptions options)
        implements CommunicatorSource {
    private static final Logger LOG = LoggerFactory.getLogger(PlacedCommunicators.class);
    private static final Duration LOOK = Duration.ofMillis(5);
    /** For its agent to obey the end of its input, and then for SIGKILL. */
    private static final Duration END = Duration.ofSeconds(2);

    /** For SIGKILL, where whoever asks for the end has to wait for it. */
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private static final Duration FOR_EVER = Duration.ofDays(365);
    private static final int LONGEST_LINE = 512;

    @Override
    public Communicator open(RankIdentity identity) throws CommunicatorException {
        throw new CommunicatorException(
                ErrorKind.NCCL_INIT_FAILED, "rank 0 of a pool on other hosts does not live in its leader");
    }

    @Override
    public Rendezvous serve() throws CommunicatorException {
        try {
            WorkerProcess maker = start.startBeside(rankZero, arguments(options));
            Served served = new Served(maker, start.host(rankZero));
            try {
                served.await(Deadline.in(options.deadlines().init()));
                return served;
            } catch (IOException | InterruptedException e) {
                served.close();
                served.gone.await(); // as long as it is there, this thread is
                throw e;
            }
        } catch (IOException e) {
            throw new CommunicatorException(
                    ErrorKind.NCCL_INIT_FAILED,
                    "no comm_id can be created on " + start.host(rankZero) + ", the host of rank 0: " + e.getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommunicatorException(ErrorKind.NCCL_INIT_FAILED, "interrupted", e);
        }
    }

    /** What {@link #serve} would start. */
    static PlannedProcess planned(PlacedStart start, RankIdentity rankZero, PoolOptions options) {
        return start.plannedBeside("comm_id", rankZero, arguments(options));
    }

    private static List<String> arguments(PoolOptions options) {
        return List.of("--comm-id", "--communicator", options.communicator().name());
    }

    /** The process that serves it. */
    private static final class Served implements Rendezvous {
        private final WorkerProcess maker;
        private final String host;
        private final AtomicBoolean closed = new AtomicBoolean();
        private final CountDownLatch gone = new CountDownLatch(1);
        private String commId = "";

        Served(WorkerProcess maker, String host) {
            this.maker = maker;
            this.host = host;
        }

        void await(Deadline deadline) throws IOException, InterruptedException {
            maker.awaitAgent(deadline);
            AtomicReference<String> silence = new AtomicReference<>("");
            maker.onSilence(silence::set);
            InputStream stdout = maker.stdout();
            StringBuilder line = new StringBuilder();
            while (line.length() < LONGEST_LINE && line.indexOf("\n") < 0) {
                boolean over = maker.exitCode().isPresent();
                byte[] bytes = stdout.readNBytes(Math.min(stdout.available(), LONGEST_LINE));
                for (byte b : bytes) {
                    // What a wrapper prints before it is none of its words: an empty line, as workers pass over it.
                    if (!line.isEmpty() || !Character.isWhitespace(b)) {
                        line.append((char) b);
                    }
                }
                if (!silence.get().isEmpty()) {
                    throw new IOException(silence.get());
                }
                if (line.indexOf("\n") < 0 && (deadline.expired() || (bytes.length == 0 && over))) {
                    throw new IOException("it said no line within " + Durations.time(deadline.elapsed()) + endWords());
                }
                Thread.sleep(bytes.length == 0 ? LOOK : Duration.ZERO);
            }
            AtomicReference<String> told = new AtomicReference<>("");
            maker.onSilence(silent -> {
                if (!silent.equals(told.getAndSet(silent))) {
                    LOG.warn("the rendezvous of the ranks: {}", silent);
                }
            });
            commId = ForeignText.of(line.toString().strip(), LONGEST_LINE);
        }

        /** How it ended, where it did, and what it said last, for a sentence. */
        private String endWords() {
            String exit = maker.agent()
                    .flatMap(AgentLink::end)
                    .map(end -> "; its end: exit " + ExitWords.of(end.exit()))
                    .orElse("");
            List<String> last = maker.lastStderrLines();
            return exit + (last.isEmpty() ? "" : "; its last words: " + String.join(" / ", last));
        }

        @Override
        public String commId() {
            return commId;
        }

        @Override
        public void close() {
            if (!closed.compareAndSet(false, true)) {
                return;
            }
            maker.closeStdin();
            try {
                DaemonThread.start("comm-id-end", this::end);
            } catch (ThreadLimitException e) {
                LOG.warn("what creates the comm_id is ended at once: {}", e.getMessage());
                endAtOnce();
            }
        }

        /** On the thread of whoever closes it, who waits for a second at most; what it has started elsewhere ends by its lease. */
        private void endAtOnce() {
            try {
                if (maker.kill(Deadline.in(AT_ONCE))) {
                    gone.countDown();
                }
                maker.closePipes();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        private void end() {
            try {
                if (!maker.awaitExit(Deadline.in(END))) {
                    maker.kill(Deadline.in(END));
                }
                maker.endElsewhere(Deadline.in(EndCommand.LIMIT));
                maker.endLeftBehind();
                maker.closePipes();
                if (maker.exitCode().isEmpty()) {
                    LOG.warn(
                            "what creates the comm_id on {} is still there after SIGKILL: pid {} of this host",
                            host,
                            maker.identity().pid());
                    maker.awaitExit(Deadline.in(FOR_EVER));
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                if (maker.exitCode().isPresent()) {
                    gone.countDown();
                }
            }
        }

        @Override
        public boolean awaitGone(Duration most) throws InterruptedException {
            return gone.await(most.toNanos(), TimeUnit.NANOSECONDS);
        }
    }
}
