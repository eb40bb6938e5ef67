package dev.neurontp.ops.client;

import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * HTTP/1.1 over plain sockets, for a daemon without TLS: what JSON and streams of text between programs take, and no more, each
 * request over a connection of its own. To start the client of the JDK would take longer than all that a short command does.
 */
final class PlainHttp implements Http {
    private final Duration connect;
    private final Set<PlainConnection> open = ConcurrentHashMap.newKeySet();

    /** Lets a connection take so long at most. */
    PlainHttp(Duration connect) {
        this.connect = connect;
    }

    @Override
    public CompletableFuture<Reply> send(Call call) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        try {
            DaemonThread.start(
                    "http", () -> exchange(call, reply), (_, problem) -> reply.completeExceptionally(problem));
        } catch (ThreadLimitException e) {
            reply.completeExceptionally(e);
        }
        return reply;
    }

    private void exchange(Call call, CompletableFuture<Reply> reply) {
        try (PlainConnection connection = new PlainConnection(open)) {
            // Where nobody waits any more, this thread does not either.
            var _ = reply.whenComplete((_, _) -> connection.end());
            Head head = connection.ask(call, connect);
            byte[] body = connection.body().readNBytes((int) MOST_BYTES + 1);
            if (body.length > MOST_BYTES) {
                throw new TooLargeException();
            }
            reply.complete(new Reply(head, new String(body, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            reply.completeExceptionally(e);
        }
    }

    @Override
    public Streamed open(Call call) throws IOException {
        PlainConnection connection = new PlainConnection(open);
        try {
            Head head = connection.ask(call, connect);
            return new Streamed(head, connection.stream());
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public void close() {
        open.forEach(PlainConnection::end);
    }
}
