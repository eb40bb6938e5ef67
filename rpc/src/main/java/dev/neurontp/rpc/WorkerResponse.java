package dev.neurontp.rpc;

import static java.util.Objects.requireNonNull;

/** What a worker may answer. The tag of each is its {@link #op()}. */
public sealed interface WorkerResponse
        permits WorkerResponse.Pong,
                WorkerResponse.InitOk,
                WorkerResponse.NcclSanityResult,
                WorkerResponse.XNcclCheckResult,
                XDeviceInfo,
                XCollectiveResult,
                WorkerResponse.Bye,
                WorkerResponse.Error {
    /** The value of the {@code op} field, as it stands on the wire. */
    String op();

    /**
     * The answer to {@code ping}: the identity from the worker's command line.
     *
     * @param rank 0 to 4294967295
     * @param worldSize 0 to 4294967295
     * @param cudaDevice 0 to 4294967295
     */
    record Pong(long rank, long worldSize, long cudaDevice) implements WorkerResponse {
        public static final String OP = "pong";
        public static final String RANK = "rank";
        public static final String WORLD_SIZE = "world_size";
        public static final String CUDA_DEVICE = "cuda_device";

        public Pong {
            U32.require(RANK, rank);
            U32.require(WORLD_SIZE, worldSize);
            U32.require(CUDA_DEVICE, cudaDevice);
        }

        @Override
        public String op() {
            return OP;
        }
    }

    /** The answer to {@code init}: every rank has joined. */
    record InitOk() implements WorkerResponse {
        public static final String OP = "init_ok";

        @Override
        public String op() {
            return OP;
        }
    }

    /**
     * The answer to {@code nccl_sanity_check}.
     *
     * @param observedSum what the all-reduce of 1 over all ranks came to, 0 to 4294967295
     */
    record NcclSanityResult(long observedSum) implements WorkerResponse {
        public static final String OP = "nccl_sanity_result";
        public static final String OBSERVED_SUM = "observed_sum";

        public NcclSanityResult {
            U32.require(OBSERVED_SUM, observedSum);
        }

        @Override
        public String op() {
            return OP;
        }
    }

    /**
     * The answer to {@code x_nccl_check}: what this rank saw of three kinds of sums over all ranks, each of u32 that wrap
     * around.
     *
     * @param sumOfOnes of 1: the world size N
     * @param sumOfRanks of rank + 1: N(N+1)/2
     * @param rankBits of each rank's own bit, as 8 lower-case hex digits for every 32 ranks, rank 0's bit the last one of
     *     the last digit
     */
    record XNcclCheckResult(long sumOfOnes, long sumOfRanks, String rankBits) implements WorkerResponse {
        public static final String OP = "x_nccl_check_result";
        public static final String SUM_OF_ONES = "sum_of_ones";
        public static final String SUM_OF_RANKS = "sum_of_ranks";
        public static final String RANK_BITS = "rank_bits";

        public XNcclCheckResult {
            U32.require(SUM_OF_ONES, sumOfOnes);
            U32.require(SUM_OF_RANKS, sumOfRanks);
            requireNonNull(rankBits, "rankBits is null");
            WireText.requireWellFormed(RANK_BITS, rankBits);
        }

        @Override
        public String op() {
            return OP;
        }
    }

    /** The answer to {@code shutdown}; the process exits with 0 after it (L2). */
    record Bye() implements WorkerResponse {
        public static final String OP = "bye";

        @Override
        public String op() {
            return OP;
        }
    }

    /**
     * The answer to anything that could not be done.
     *
     * @param kind for programs; {@link ErrorKind} has those of the contract, other workers may send others
     * @param message for people, not empty (O10)
     */
    @SuppressWarnings("AvoidCommonTypeNames") // the contract's name for it
    record Error(String kind, String message) implements WorkerResponse {
        public static final String OP = "error";
        public static final String KIND = "kind";
        public static final String MESSAGE = "message";
        /** The kind of {@link #unsupported}. */
        public static final String X_UNSUPPORTED = "x_unsupported";

        public Error {
            requireNonNull(kind, "kind is null");
            requireNonNull(message, "message is null");
            WireText.requireWellFormed(KIND, kind);
            WireText.requireWellFormed(MESSAGE, message);
            if (message.isEmpty()) {
                throw new IllegalArgumentException("message is empty: an error says what is wrong (O10)");
            }
        }

        /**
         * The extensions' own kind: this worker, its libraries or its device cannot do what the request asks, and nothing is
         * broken. It is none of the contract's kinds, and only extensions answer it.
         */
        public static Error unsupported(String message) {
            return new Error(X_UNSUPPORTED, WireText.bounded(message));
        }

        /**
         * An error whose message may quote anything: lone surrogates are replaced and the text is cut to
         * {@value WireText#MAX_MESSAGE_BYTES} bytes of UTF-8 (O10s).
         */
        public static Error of(ErrorKind kind, String message) {
            return new Error(kind.wireName(), WireText.bounded(message));
        }

        @Override
        public String op() {
            return OP;
        }
    }
}
