package dev.neurontp.harness.api;

import java.util.Optional;

/** Why a request was refused: the word in the envelope, and the status code that goes with it. */
public enum ErrorType {
    /** Not HTTP, or the body is not JSON. */
    MALFORMED(400),
    /** The client speaks another version of the API: {@link ApiVersion}. */
    OTHER_API_VERSION(400),
    UNKNOWN_HARNESS(400),
    MODEL_REFUSED(400),
    UNAUTHORIZED(401),
    FOREIGN_HOST(403),
    FOREIGN_ORIGIN(403),
    COMMAND_NOT_ALLOWED(403),
    /** A session of the dashboard may look, and change nothing. */
    READ_ONLY(403),
    NO_SUCH_PATH(404),
    NO_SUCH_POOL(404),
    NO_SUCH_OPERATION(404),
    WRONG_METHOD(405),
    /** Another operation is under way. */
    BUSY(409),
    WRONG_STATE(409),
    /** The pool has failed, before or by this operation. */
    POOL_FAILED(409),
    /** The pool was shut down or deleted, before or meanwhile. */
    POOL_ENDED(409),
    /** A live pool of this daemon has that name. */
    NAME_TAKEN(409),
    /** A live pool of this daemon has that GPU. */
    DEVICE_TAKEN(409),
    /** The daemon's settings, read again, break a rule. */
    SETTINGS_REFUSED(409),
    TOO_LARGE(413),
    NOT_JSON(415),
    WRONG_SHAPE(422),
    /** The host does not have that GPU. */
    NO_SUCH_DEVICE(422),
    /** The host lacks what that communicator needs. */
    COMMUNICATOR_UNAVAILABLE(422),
    TOO_MANY_POOLS(429),
    TOO_MANY_OPERATIONS(429),
    TOO_MANY_STREAMS(429),
    NOT_READY(503),
    STOPPING(503),
    /** The host gives this daemon no more threads or processes. */
    HOST_LIMIT(503),
    /** A defect of the daemon; its log says more. */
    INTERNAL(500);

    private final int status;

    ErrorType(int status) {
        this.status = status;
    }

    /** The HTTP status code. */
    public int status() {
        return status;
    }

    /** The word on the wire. */
    public String label() {
        return EnumLabels.label(this);
    }

    /** The type of that word; empty for one that this version does not know. */
    public static Optional<ErrorType> of(String label) {
        return EnumLabels.find(values(), label);
    }
}
