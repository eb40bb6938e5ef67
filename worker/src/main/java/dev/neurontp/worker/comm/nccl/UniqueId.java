package dev.neurontp.worker.comm.nccl;

import dev.neurontp.rpc.WireText;
import java.util.HexFormat;

/** ncclUniqueId: 128 bytes that mean nothing to anyone but NCCL. On the wire they are 256 hex digits. */
final class UniqueId {
    static final int BYTES = 128;
    private static final HexFormat HEX = HexFormat.of();

    private final byte[] bytes;

    UniqueId(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a comm_id has " + BYTES + " bytes, and this has " + bytes.length);
        }
        this.bytes = bytes.clone();
    }

    /**
     * Reads the form of the wire, upper or lower case.
     *
     * @throws IllegalArgumentException when it is anything but 256 hex digits (S5)
     */
    static UniqueId parse(String commId) {
        if (commId.length() != 2 * BYTES) {
            throw new IllegalArgumentException(
                    "comm_id has " + commId.length() + " characters: it must be " + 2 * BYTES + " hex digits");
        }
        try {
            return new UniqueId(HEX.parseHex(commId));
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("comm_id begins with '" + WireText.quotable(commId) + "': it must be "
                    + 2 * BYTES + " hex digits and nothing else");
        }
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /** 256 lower-case hex digits. */
    String toHex() {
        return HEX.formatHex(bytes);
    }
}
