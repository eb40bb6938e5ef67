package dev.neurontp.rpc;

import java.util.Locale;
import java.util.Optional;

/** The kinds of {@code error} that the contract names. A leader must expect others too. */
public enum ErrorKind {
    /** The line is no request of this contract (O3 to O6, F10, F11). Our worker sends it for an unknown op too (O5). */
    BAD_REQUEST,
    /** The kind of other workers for an op that they do not know (O5). */
    UNKNOWN_OP,
    /** Stage 7a-i: the op is known, but not implemented yet (S1). */
    NOT_IMPLEMENTED_7A_I,
    /** Stage 7a-ii on a host that cannot do NCCL (S2). */
    CUDA_FEATURE_NOT_ENABLED,
    /** A sanity check before init (S4). */
    NCCL_NOT_INITIALISED,
    /** This rank could not join: a bad comm_id, a missing peer, a failing library (S5). */
    NCCL_INIT_FAILED,
    /** The all-reduce failed (S5). */
    NCCL_SANITY_FAILED,
    /** A second init: the first communicator stays as it is (S6). */
    NCCL_ALREADY_INITIALISED;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The word on the wire, in snake_case. */
    public String wireName() {
        return wireName;
    }

    /** The kind of that name, or empty for a word that the contract does not know. */
    public static Optional<ErrorKind> find(String wireName) {
        for (ErrorKind kind : values()) {
            if (kind.wireName.equals(wireName)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
