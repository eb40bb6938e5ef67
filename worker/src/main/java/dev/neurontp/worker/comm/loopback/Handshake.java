package dev.neurontp.worker.comm.loopback;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The first bytes of whoever connects, of one fixed length: who it is and that it knows the comm_id. */
final class Handshake {
    static final int BYTES = 52;

    private static final int MAGIC_BYTES = 4;
    private static final byte VERSION = 1;
    private static final int RESERVED_BYTES = 3;

    /** Which door is knocked at. */
    enum Door {
        /** The rendezvous. */
        MEETING("NTPM"),
        /** Rank 0's own. */
        HUB("NTPH");

        private final String magic;

        Door(String magic) {
            this.magic = magic;
        }

        private byte[] magic() {
            return magic.getBytes(StandardCharsets.US_ASCII);
        }
    }

    private final Door door;
    private final byte[] nonce;
    private final long rank;
    private final long worldSize;
    private final int hubPort;

    /**
     * A greeting.
     *
     * @param hubPort where rank 0 listens for the others; 0 from every other rank
     */
    Handshake(Door door, byte[] nonce, long rank, long worldSize, int hubPort) {
        this.door = door;
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
                .put(door.magic())
                .put(VERSION)
                .put(new byte[RESERVED_BYTES])
                .put(nonce)
                .putInt((int) rank)
                .putInt((int) worldSize)
                .putShort((short) hubPort)
                .array();
    }

    /**
     * Reads what must be a greeting at {@code door}.
     *
     * @throws IOException when the bytes are none, or end too soon
     */
    static Handshake read(DataInputStream in, Door door) throws IOException {
        byte[] bytes = new byte[BYTES];
        in.readFully(bytes);
        ByteBuffer greeting = ByteBuffer.wrap(bytes);
        byte[] magic = new byte[MAGIC_BYTES];
        greeting.get(magic);
        if (!MessageDigest.isEqual(magic, door.magic()) || greeting.get() != VERSION) {
            throw new IOException("not a greeting of this protocol");
        }
        greeting.position(greeting.position() + RESERVED_BYTES);
        byte[] nonce = new byte[CommId.NONCE_BYTES];
        greeting.get(nonce);
        return new Handshake(
                door,
                nonce,
                Integer.toUnsignedLong(greeting.getInt()),
                Integer.toUnsignedLong(greeting.getInt()),
                Short.toUnsignedInt(greeting.getShort()));
    }
}
