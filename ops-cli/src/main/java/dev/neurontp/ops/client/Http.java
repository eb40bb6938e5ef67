package dev.neurontp.ops.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** How a daemon is asked. Any thread may call. */
interface Http {
    /** Of one answer, in bytes: {@link TooLargeException} is thrown for more. */
    long MOST_BYTES = 32L << 20;

    /**
     * One request.
     *
     * @param fields of its head, without those that the connection and the body need
     * @param body as JSON; null for none
     * @param timeout for the head of the answer of {@link #open}; how long {@link #send} may take is in the hands of who waits
     */
    record Call(String method, URI target, Map<String, String> fields, String body, Duration timeout) {
        /** Whether more than an answer may have come of it, once it was sent. */
        boolean changes() {
            return !method.equals("GET") && !String.valueOf(target.getQuery()).contains("dry_run=true");
        }
    }

    /**
     * The head of an answer.
     *
     * @param fields the first of each name, the name in lower case
     */
    record Head(int status, Map<String, String> fields) {
        /** The first field of that name. */
        Optional<String> first(String name) {
            return Optional.ofNullable(fields.get(name.toLowerCase(Locale.ROOT)));
        }
    }

    /** An answer with all of its body. */
    record Reply(Head head, String body) {}

    /** An answer whose body is still to be read; its end is in the hands of the reader. */
    record Streamed(Head head, InputStream body) {}

    /** An answer has more bytes than are taken. */
    final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Sends the request and returns at once. To cancel the future ends the connection. */
    CompletableFuture<Reply> send(Call call);

    /** Sends the request, and waits for the head of the answer. */
    Streamed open(Call call) throws IOException, InterruptedException;

    /** Ends every connection. */
    void close() throws InterruptedException;
}
