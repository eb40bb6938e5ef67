package dev.neurontp.worker.comm.nccl;

import dev.neurontp.rpc.WireText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What NCCL's RAS port (2.24 and later) says of the ranks: the best report on a hang. Lines of text go in and come out,
 * as NCCL's own client does it.
 */
final class RasReport {
    private static final int MAX_BYTES = 16_384;
    private static final int END_OF_STREAM = -1;
    private static final Pattern BLANK = Pattern.compile("\\s*\\n\\s*");

    private RasReport() {}

    /**
     * Asks, and gives up at the bound. Of an address with a name, all IP addresses are asked in turn, as NCCL's own client
     * does it: NCCL listens at the first one that the host's resolver gives, which for localhost is often {@code ::1}.
     *
     * @param address host:port
     * @return the report in one line; empty where nothing answers, which is usual before 2.24
     */
    static Optional<String> ask(String address, Duration bound) {
        long deadline = System.nanoTime() + bound.toNanos();
        List<InetSocketAddress> all = RasAddresses.of(address, bound);
        for (int i = 0; i < all.size(); i++) {
            Duration share = Duration.ofNanos(deadline - System.nanoTime()).dividedBy(all.size() - i);
            Optional<String> report = ask(all.get(i), share);
            if (report.isPresent()) {
                return report;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> ask(InetSocketAddress address, Duration bound) {
        long deadline = System.nanoTime() + bound.toNanos();
        ByteArrayOutputStream report = new ByteArrayOutputStream();
        try (Socket socket = new Socket()) {
            socket.connect(address, millisTo(deadline));
            // How long NCCL waits for the other processes: less than we wait for it.
            send(socket, "timeout " + Math.max(1, bound.toSeconds() - 1));
            read(socket, deadline, '\n', new ByteArrayOutputStream());
            send(socket, "verbose status");
            read(socket, deadline, END_OF_STREAM, report);
        } catch (IOException _) {
            // What came before the failure is still worth reading.
            return oneLine(report);
        }
        return oneLine(report);
    }

    private static void send(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static void read(Socket socket, long deadline, int end, ByteArrayOutputStream into) throws IOException {
        InputStream in = socket.getInputStream();
        int next = 0;
        while (next != end && next != END_OF_STREAM && into.size() < MAX_BYTES) {
            socket.setSoTimeout(millisTo(deadline));
            next = in.read();
            if (next != END_OF_STREAM) {
                into.write(next);
            }
        }
    }

    private static int millisTo(long deadline) throws IOException {
        long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        if (millis <= 0) {
            throw new IOException("timed out");
        }
        return (int) millis;
    }

    private static Optional<String> oneLine(ByteArrayOutputStream report) {
        String text = report.toString(StandardCharsets.UTF_8);
        text = BLANK.matcher(text.strip()).replaceAll(" | ");
        return text.isEmpty() || !WireText.isWellFormed(text) ? Optional.empty() : Optional.of(text);
    }
}
