package dev.neurontp.worker.comm.loopback;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What is sent on a link after the handshake: a type, a length of two bytes, a payload. */
sealed interface Message {
    int MAX_PAYLOAD_BYTES = 1024;

    /** From the rendezvous: this rank is registered, the others are awaited. */
    record Joined() implements Message {}

    /** From the rendezvous or rank 0: this rank is refused. */
    record Refused(String reason) implements Message {}

    /** From the rendezvous: all have joined, and this is where rank 0 listens. */
    record Welcome(InetSocketAddress hub) implements Message {}

    /** To the rendezvous: this rank is linked and needs it no longer. */
    record Linked() implements Message {}

    /** From rank 0: all are linked. */
    record Go() implements Message {}

    /** To rank 0: this rank's number in the all-reduce of that sequence number. */
    record Add(int sequence, int value) implements Message {}

    /** From rank 0: the sum of all numbers. */
    record Sum(int sequence, int sum) implements Message {}

    /** To and from rank 0: slices of a round of a collective. The only message that is larger than others. */
    record Data(int sequence, ByteBuffer slices) implements Message {
        static final int MAX_PAYLOAD_BYTES = Integer.BYTES + RelayRound.MAX_BYTES;

        Data(int sequence, byte[] slices) {
            this(sequence, ByteBuffer.wrap(slices));
        }

        byte[] bytes() {
            return rest(slices.duplicate());
        }
    }

    /** The group has failed; the reason names the rank. */
    record Failed(String reason) implements Message {}

    default void write(DataOutputStream out) throws IOException {
        byte[] payload = payload();
        out.writeByte(type());
        out.writeShort(payload.length);
        out.write(payload);
        out.flush();
    }

    private char type() {
        return switch (this) {
            case Joined _ -> 'J';
            case Refused _ -> 'R';
            case Welcome _ -> 'W';
            case Linked _ -> 'L';
            case Go _ -> 'G';
            case Add _ -> 'A';
            case Sum _ -> 'S';
            case Data _ -> 'D';
            case Failed _ -> 'F';
        };
    }

    private byte[] payload() {
        return switch (this) {
            case Joined _, Linked _, Go _ -> new byte[0];
            case Refused(String reason) -> text(reason);
            case Failed(String reason) -> text(reason);
            case Add(int sequence, int value) -> twoNumbers(sequence, value);
            case Sum(int sequence, int sum) -> twoNumbers(sequence, sum);
            case Data(int sequence, ByteBuffer slices) ->
                ByteBuffer.allocate(Integer.BYTES + slices.remaining())
                        .putInt(sequence)
                        .put(slices.duplicate())
                        .array();
            case Welcome(InetSocketAddress hub) -> {
                byte[] host = hub.getAddress().getAddress();
                yield ByteBuffer.allocate(Short.BYTES + host.length)
                        .putShort((short) hub.getPort())
                        .put(host)
                        .array();
            }
        };
    }

    /**
     * Reads one message.
     *
     * @throws IOException when the link ends, or carries what is no message of this protocol
     */
    static Message read(DataInputStream in) throws IOException {
        char type = (char) in.readUnsignedByte();
        int length = in.readUnsignedShort();
        int most = type == 'D' ? Data.MAX_PAYLOAD_BYTES : MAX_PAYLOAD_BYTES;
        if (length > most) {
            throw new IOException("a message of " + length + " bytes: at most " + most + " are taken");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        ByteBuffer payload = ByteBuffer.wrap(bytes);
        Message message = switch (type) {
            case 'J' -> new Joined();
            case 'R' -> new Refused(reason(payload));
            case 'W' -> new Welcome(restAsAddress(payload));
            case 'L' -> new Linked();
            case 'G' -> new Go();
            case 'A' -> new Add(number(payload), number(payload));
            case 'S' -> new Sum(number(payload), number(payload));
            case 'D' -> new Data(number(payload), rest(payload));
            case 'F' -> new Failed(reason(payload));
            default -> throw new IOException("a message of an unknown type");
        };
        if (payload.hasRemaining()) {
            throw new IOException("a message that is too long for its type");
        }
        return message;
    }

    private static byte[] text(String reason) {
        byte[] bytes = reason.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_PAYLOAD_BYTES ? bytes : Arrays.copyOf(bytes, MAX_PAYLOAD_BYTES);
    }

    private static byte[] twoNumbers(int first, int second) {
        return ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt(first)
                .putInt(second)
                .array();
    }

    private static int number(ByteBuffer payload) throws IOException {
        if (payload.remaining() < Integer.BYTES) {
            throw new IOException("a message that is too short for its type");
        }
        return payload.getInt();
    }

    private static byte[] rest(ByteBuffer payload) {
        byte[] rest = new byte[payload.remaining()];
        payload.get(rest);
        return rest;
    }

    private static String reason(ByteBuffer payload) throws IOException {
        if (!payload.hasRemaining()) {
            throw new IOException("a message that is too short for its type");
        }
        return StandardCharsets.UTF_8.decode(payload).toString();
    }

    private static InetSocketAddress restAsAddress(ByteBuffer payload) throws IOException {
        if (payload.remaining() < Short.BYTES) {
            throw new IOException("a message that is too short for its type");
        }
        int port = Short.toUnsignedInt(payload.getShort());
        byte[] host = new byte[payload.remaining()];
        payload.get(host);
        return new InetSocketAddress(InetAddress.getByAddress(host), port);
    }
}
