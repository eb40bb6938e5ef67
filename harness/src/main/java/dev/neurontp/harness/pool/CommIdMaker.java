package dev.neurontp.harness.pool;

import dev.neurontp.harness.process.ChildProcess;
import dev.neurontp.harness.process.NeuronLauncher;
import dev.neurontp.harness.process.StderrListener;
import dev.neurontp.harness.process.WorkerCommand;
import dev.neurontp.harness.process.WorkerProcess;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.worker.comm.CommIdStderr;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The comm_id of a pool whose leader does not create it itself: made and served by {@code neuron --comm-id}, beside rank 0. On another
 * host the leader needs neither the library nor a port that the hosts can reach; on this one a library that crashes, hangs, or
 * keeps what it has opened does so in a process that ends with the rendezvous.
 */
final class CommIdMaker implements CommunicatorSource {
    /** For SIGKILL. */
    private static final Duration END = Duration.ofSeconds(2);

    private final Start start;
    private final String where;
    private final PoolOptions options;
    /** The one that is waited for; null where none is. */
    private volatile CommIdProcess silent;

    /** Starts the process. */
    @FunctionalInterface
    private interface Start {
        WorkerProcess start() throws IOException, InterruptedException;
    }

    private CommIdMaker(Start start, String where, PoolOptions options) {
        this.start = start;
        this.where = where;
        this.options = options;
    }

    /** On this host. */
    static CommIdMaker here(Map<String, String> environment, PoolOptions options) {
        return new CommIdMaker(() -> startHere(environment, options), "", options);
    }

    /** On the host of rank 0. */
    static CommIdMaker placed(PlacedStart start, RankIdentity rankZero, PoolOptions options) {
        return new CommIdMaker(
                () -> start.startBeside(rankZero, arguments(options), listener(options)),
                " on " + start.host(rankZero) + ", the host of rank 0",
                options);
    }

    private static WorkerProcess startHere(Map<String, String> environment, PoolOptions options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(NeuronLauncher.neuron());
        command.addAll(arguments(options));
        ProcessBuilder builder = new ProcessBuilder(WorkerCommand.of(command).inOwnSession());
        builder.environment().putAll(environment);
        WorkerProcess maker = new WorkerProcess(0, ChildProcess.start(builder), listener(options));
        try {
            maker.listenToStderr();
            return maker;
        } catch (ThreadLimitException e) {
            maker.kill(Deadline.in(END)); // nobody else knows of it
            maker.closePipes();
            throw e;
        }
    }

    /** What it says is in the log of rank 0. */
    private static StderrListener listener(PoolOptions options) {
        return (rank, line) -> {
            if (CommIdStderr.saysSimulation(line)) {
                options.communicator().noteSimulation();
            }
            options.stderr().line(rank, line);
        };
    }

    @Override
    public Communicator open(RankIdentity identity) throws CommunicatorException {
        throw new CommunicatorException(ErrorKind.NCCL_INIT_FAILED, "rank 0 of this pool does not live in its leader");
    }

    @Override
    public Rendezvous serve() throws CommunicatorException {
        try {
            CommIdProcess served = new CommIdProcess(start.start(), where);
            silent = served;
            try {
                served.await(Deadline.in(options.deadlines().init()));
                return served;
            } catch (CommunicatorException | IOException | InterruptedException | RuntimeException e) {
                served.close();
                served.awaitGone(); // as long as it is there, this thread is
                throw e;
            } finally {
                silent = null;
            }
        } catch (IOException | IllegalStateException | IllegalArgumentException e) {
            // The last two are of the program, which may be gone by now.
            throw new CommunicatorException(ErrorKind.NCCL_INIT_FAILED, e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommunicatorException(ErrorKind.NCCL_INIT_FAILED, "interrupted", e);
        }
    }

    @Override
    public String waitsFor() {
        CommIdProcess asked = silent;
        return asked == null ? "" : ": " + asked.silence();
    }

    @Override
    public String where() {
        return where;
    }

    /** What {@link #serve} would start on the host of rank 0. */
    static PlannedProcess planned(PlacedStart start, RankIdentity rankZero, PoolOptions options) {
        return start.plannedBeside("comm_id", rankZero, arguments(options));
    }

    private static List<String> arguments(PoolOptions options) {
        return List.of("--comm-id", "--communicator", options.communicator().name());
    }
}
