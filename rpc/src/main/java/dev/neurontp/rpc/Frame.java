package dev.neurontp.rpc;

/** What {@link FrameReader} makes of a line that is not blank. */
public sealed interface Frame {
    /** A line within the bound. */
    final class Line implements Frame {
        private final byte[] bytes;
        private final boolean terminated;

        Line(byte[] bytes, boolean terminated) {
            this.bytes = bytes;
            this.terminated = terminated;
        }

        /** Whether an LF ended it, and not the end of the stream, which may have cut it. */
        public boolean terminated() {
            return terminated;
        }

        /** The line without its LF; not copied, the receiver owns it. */
        public byte[] bytes() {
            return bytes;
        }
    }

    /**
     * A line beyond the bound, which was read to its end and thrown away (F9).
     *
     * @param length its bytes without the LF
     * @param limit the most that is taken
     */
    record TooLong(long length, int limit) implements Frame {
        /** The reply that a worker must send for it. */
        public WorkerResponse.Error toResponse() {
            return WorkerResponse.Error.of(
                    ErrorKind.BAD_REQUEST,
                    "the line has " + length + " bytes: a frame of at most " + limit + " bytes is taken");
        }
    }
}
