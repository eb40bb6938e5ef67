package dev.neurontp.worker.comm.loopback;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * Where the rendezvous of a group is and how its ranks recognise each other: 128 bytes, laid out in docs/loopback.md.
 */
final class CommId {
    static final int BYTES = 128;
    static final int NONCE_BYTES = 32;

    private static final byte[] MAGIC = "NTPLOOPB".getBytes(StandardCharsets.US_ASCII);
    private static final byte VERSION = 1;
    private static final int ADDRESS_BYTES = 16;
    private static final int CRC_AT = BYTES - Integer.BYTES;

    private final InetSocketAddress address;
    private final byte[] nonce;

    CommId(InetSocketAddress address, byte[] nonce) {
        this.address = address;
        this.nonce = nonce.clone();
    }

    static CommId create(InetSocketAddress address) {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        return new CommId(address, nonce);
    }

    InetSocketAddress address() {
        return address;
    }

    byte[] nonce() {
        return nonce.clone();
    }

    String toHex() {
        byte[] host = address.getAddress().getAddress();
        ByteBuffer bytes = ByteBuffer.allocate(BYTES)
                .put(MAGIC)
                .put(VERSION)
                .put((byte) host.length)
                .putShort((short) address.getPort())
                .put(Arrays.copyOf(host, ADDRESS_BYTES))
                .put(nonce);
        bytes.putInt(CRC_AT, checksum(bytes.array()));
        return HexFormat.of().formatHex(bytes.array());
    }

    /**
     * Reads 256 hex digits.
     *
     * @throws IllegalArgumentException saying what is wrong with them
     */
    static CommId parse(String hex) {
        if (hex.length() != 2 * BYTES) {
            throw new IllegalArgumentException(
                    "comm_id has " + hex.length() + " characters: it must be 256 hex digits");
        }
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("comm_id holds characters that are no hex digits");
        }
        return decode(bytes);
    }

    private static CommId decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (!Arrays.equals(take(in, MAGIC.length), MAGIC)) {
            throw new IllegalArgumentException("comm_id is not one of the loopback communicator:"
                    + " create it with `neuron --comm-id --communicator loopback`");
        }
        byte version = in.get();
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "comm_id is of loopback version " + version + ": this build speaks version " + VERSION);
        }
        if (ByteBuffer.wrap(bytes).getInt(CRC_AT) != checksum(bytes)) {
            throw new IllegalArgumentException("comm_id is damaged: its checksum does not fit");
        }
        int hostLength = in.get();
        int port = Short.toUnsignedInt(in.getShort());
        byte[] host = take(in, ADDRESS_BYTES);
        byte[] nonce = take(in, NONCE_BYTES);
        try {
            InetAddress address = InetAddress.getByAddress(Arrays.copyOf(host, hostLength));
            return new CommId(new InetSocketAddress(address, port), nonce);
        } catch (UnknownHostException | NegativeArraySizeException _) {
            throw new IllegalArgumentException(
                    "comm_id holds an address of " + hostLength + " bytes: it must be 4 or 16");
        }
    }

    private static byte[] take(ByteBuffer in, int count) {
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    private static int checksum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, CRC_AT);
        return (int) crc.getValue();
    }
}
