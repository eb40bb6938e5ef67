package dev.neurontp.ops.client;

import dev.neurontp.harness.time.WaitedTime;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** By the client of the JDK, for a daemon with TLS. */
final class JdkHttp implements Http {
    private static final Duration CLOSE = Duration.ofSeconds(1);

    /** How the JDK begins when a body is over its limit. */
    private static final String TOO_LARGE = "body exceeds capacity";

    private final Trust trust;
    private final Duration connect;
    private HttpClient http;

    /**
     * Takes the certificates of {@code trust}.
     *
     * @param connect how long TCP and TLS may take together
     */
    JdkHttp(Trust trust, Duration connect) {
        this.trust = trust;
        this.connect = connect;
    }

    /** Created when it is asked for: it takes descriptors and a thread, and where there are none only who asks it is told. */
    private synchronized HttpClient client() throws IOException {
        if (http == null) {
            try {
                // JSON and streams of text between programs: HTTP/1.1 without a proxy is all that this takes.
                http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .connectTimeout(connect)
                        .sslContext(trust.context())
                        .build();
            } catch (UncheckedIOException e) {
                throw e.getCause();
            } catch (OutOfMemoryError e) {
                if (ThreadLimitException.isCauseOf(e)) {
                    throw ThreadLimitException.of("http", e);
                }
                throw e;
            }
        }
        return http;
    }

    @Override
    public CompletableFuture<Reply> send(Call call) {
        HttpClient client;
        try {
            client = client();
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<HttpResponse<String>> exchange = client.sendAsync(
                request(call), BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MOST_BYTES));
        CompletableFuture<Reply> reply = exchange.handle((response, problem) -> {
            if (problem != null) {
                throw new CompletionException(named(problem));
            }
            return new Reply(head(response), response.body());
        });
        var _ = reply.whenComplete((_, _) -> exchange.cancel(true)); // nothing where it has ended
        return reply;
    }

    private static Throwable named(Throwable problem) {
        Throwable cause =
                problem instanceof CompletionException && problem.getCause() != null ? problem.getCause() : problem;
        return String.valueOf(cause.getMessage()).startsWith(TOO_LARGE) ? new TooLargeException() : cause;
    }

    @Override
    public Streamed open(Call call) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<InputStream>> exchange =
                client().sendAsync(request(call), BodyHandlers.ofInputStream());
        try {
            HttpResponse<InputStream> response =
                    WaitedTime.bound(exchange.copy(), call.timeout()).get();
            return new Streamed(head(response), response.body());
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case TimeoutException _ -> new HttpTimeoutException("its head has not come");
                case IOException known -> known;
                case Throwable other -> new IOException(other);
            };
        } finally {
            exchange.cancel(true); // nothing where its head has come
        }
    }

    /** Without a bound of the JDK's own: since JDK 26 (JDK-8208693) it is for the body, too, and a stream would end with it. */
    private static HttpRequest request(Call call) {
        HttpRequest.Builder request = HttpRequest.newBuilder(call.target())
                .method(
                        call.method(),
                        call.body() == null ? BodyPublishers.noBody() : BodyPublishers.ofString(call.body()));
        call.fields().forEach(request::header);
        return request.build();
    }

    private static Head head(HttpResponse<?> response) {
        Map<String, String> fields = new LinkedHashMap<>();
        response.headers()
                .map()
                .forEach((name, values) -> fields.putIfAbsent(name.toLowerCase(Locale.ROOT), values.getFirst()));
        return new Head(response.statusCode(), fields);
    }

    /** The JVM gives a client's thread 300 ms to come back from waiting for the network, which it never does by itself. */
    @Override
    public synchronized void close() throws InterruptedException {
        if (http != null) {
            http.shutdownNow();
            http.awaitTermination(CLOSE);
        }
    }
}
