package dev.neurontp.worker;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.rpc.WorkerRequest;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.rpc.XCollective;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.os.OpenFilesLimit;

/**
 * One rank's answers, in a worker's process or in that of a leader. One thread asks at a time; {@link #abort} and {@link
 * #close} may come from any.
 */
public final class Rank implements AutoCloseable {
    private static final long SANITY_VALUE = 1;

    private final RankIdentity identity;
    private final Stage stage;
    private final Communicator communicator;
    private final RankLog log;
    private final WorkerResponse.Pong pong;

    Rank(RankIdentity identity, Stage stage, Communicator communicator, RankLog log) {
        this.identity = identity;
        this.stage = stage;
        this.communicator = communicator;
        this.log = log;
        this.pong = new WorkerResponse.Pong(identity.rank(), identity.worldSize(), identity.cudaDevice());
    }

    /** A rank with real collectives, for a program that is not a worker. */
    public static Rank of(RankIdentity identity, Communicator communicator, RankLog log) {
        return new Rank(identity, Stage.S7A_II, communicator, log);
    }

    /** Blocks until the request is done; what went wrong is in the answer. */
    public WorkerResponse answer(WorkerRequest request) {
        // By the tag: a switch over types is linked again at every start of the JVM, for 10 ms.
        return switch (request.op()) {
            case WorkerRequest.Ping.OP -> pong;
            case WorkerRequest.Init.OP -> collective(request, ErrorKind.NCCL_INIT_FAILED);
            case WorkerRequest.NcclSanityCheck.OP -> collective(request, ErrorKind.NCCL_SANITY_FAILED);
            case WorkerRequest.XNcclCheck.OP -> collective(request, ErrorKind.NCCL_SANITY_FAILED);
            case WorkerRequest.XDevice.OP -> collective(request, ErrorKind.NCCL_INIT_FAILED);
            case XCollective.OP -> collective(request, ErrorKind.NCCL_SANITY_FAILED);
            case WorkerRequest.Shutdown.OP -> new WorkerResponse.Bye();
            default -> throw new IllegalArgumentException("no answer is written for " + request.op());
        };
    }

    private WorkerResponse collective(WorkerRequest request, ErrorKind kindOfBug) {
        if (stage == Stage.S7A_I) {
            return WorkerResponse.Error.of(
                    ErrorKind.NOT_IMPLEMENTED_7A_I,
                    request.op() + " is not implemented in stage 7a-i: start the worker with --stage 7a-ii");
        }
        try {
            if (request instanceof WorkerRequest.Init init) {
                return join(init);
            }
            return switch (request.op()) {
                case WorkerRequest.XNcclCheck.OP -> CollectiveCheck.run(communicator, identity);
                case WorkerRequest.XDevice.OP, XCollective.OP -> Extension.answer(communicator, request);
                default -> sum();
            };
        } catch (CommunicatorException e) {
            log.error(request.op() + " failed: " + e.getMessage());
            return WorkerResponse.Error.of(e.kind(), e.getMessage());
        } catch (RuntimeException | Error e) {
            if (OpenFilesLimit.isCauseOf(e)) {
                log.error(request.op() + " failed: " + OpenFilesLimit.WORDS);
                return WorkerResponse.Error.of(kindOfBug, request.op() + " failed: " + OpenFilesLimit.WORDS);
            }
            log.bug(request.op() + " failed", e);
            return WorkerResponse.Error.of(kindOfBug, request.op() + " failed by a bug in the worker: " + e);
        }
    }

    private WorkerResponse join(WorkerRequest.Init init) throws CommunicatorException {
        log.debug("joining a group of " + identity.worldSize());
        communicator.init(init.commId());
        String description = communicator.description();
        log.info("joined a group of " + identity.worldSize() + (description.isEmpty() ? "" : ": " + description));
        return new WorkerResponse.InitOk();
    }

    private WorkerResponse sum() throws CommunicatorException {
        return new WorkerResponse.NcclSanityResult(communicator.allReduceSum(SANITY_VALUE));
    }

    /** Aborts an answer that blocks. May itself hang: call it where that is bounded. */
    public void abort() {
        communicator.abort();
    }

    /** Leaves the group. May hang like {@link #abort}. */
    @Override
    public void close() {
        communicator.close();
    }
}
