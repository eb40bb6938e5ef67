package dev.neurontp.worker.comm.loopback;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The first bytes on a connection, of one fixed length: which rank it is and that it knows the comm_id. */
final class Handshake {
    static final int BYTES = 52;

    private static final int MAGIC_BYTES = 4;
    private static final byte VERSION = 1;
    private static final int RESERVED_BYTES = 3;

    /** Which port was connected to. */
    enum Endpoint {
        /** The rendezvous, at the creator of the comm_id. */
        RENDEZVOUS("NTPM"),
        /** Rank 0, which the other ranks link to. */
        HUB("NTPH");

        private final String magic;

        Endpoint(String magic) {
            this.magic = magic;
        }

        private byte[] magic() {
            return magic.getBytes(StandardCharsets.US_ASCII);
        }
    }

    private final Endpoint endpoint;
    private final byte[] nonce;
    private final long rank;
    private final long worldSize;
    private final int hubPort;

    /**
     * A handshake to send.
     *
     * @param hubPort where rank 0 listens for the others; 0 from every other rank
     */
    Handshake(Endpoint endpoint, byte[] nonce, long rank, long worldSize, int hubPort) {
        this.endpoint = endpoint;
        this.nonce = nonce.clone();
        this.rank = rank;
        this.worldSize = worldSize;
        this.hubPort = hubPort;
    }

    long rank() {
        return rank;
    }

    long worldSize() {
        return worldSize;
    }

    int hubPort() {
        return hubPort;
    }

    /** Compares in constant time. */
    boolean knows(byte[] expectedNonce) {
        return MessageDigest.isEqual(nonce, expectedNonce);
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .put(endpoint.magic())
                .put(VERSION)
                .put(new byte[RESERVED_BYTES])
                .put(nonce)
                .putInt((int) rank)
                .putInt((int) worldSize)
                .putShort((short) hubPort)
                .array();
    }

    /**
     * Reads what must be a handshake for {@code endpoint}.
     *
     * @throws IOException when the bytes are none, or end too soon
     */
    static Handshake read(DataInputStream from, Endpoint endpoint) throws IOException {
        byte[] bytes = new byte[BYTES];
        from.readFully(bytes);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte[] magic = new byte[MAGIC_BYTES];
        in.get(magic);
        if (!MessageDigest.isEqual(magic, endpoint.magic()) || in.get() != VERSION) {
            throw new IOException("not a handshake of this protocol");
        }
        in.position(in.position() + RESERVED_BYTES);
        byte[] nonce = new byte[CommId.NONCE_BYTES];
        in.get(nonce);
        return new Handshake(
                endpoint,
                nonce,
                Integer.toUnsignedLong(in.getInt()),
                Integer.toUnsignedLong(in.getInt()),
                Short.toUnsignedInt(in.getShort()));
    }
}
