package dev.neurontp.ops;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A small real HTTP server that answers as docs/openapi.yaml says, with what a test puts in. */
public final class FakeDaemon implements AfterEachCallback {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Path tokenFile;
    private volatile Answer anything;

    /** What one path does. */
    @FunctionalInterface
    public interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    /** Lists one pool that has joined, until a test says otherwise. */
    public static FakeDaemon withOnePool(String id) {
        try {
            return new FakeDaemon().on("GET /pools", 200, Examples.pools(Examples.summary(id, "joined", null)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FakeDaemon() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        tokenFile = Files.writeString(Files.createTempFile("token", ""), TOKEN + "\n");
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    public Path tokenFile() {
        return tokenFile;
    }

    /** Requests so far: method, path and query. */
    public List<String> asked() {
        return asked;
    }

    /** {@code request} is a method and a path, like {@code GET /pools}. */
    public FakeDaemon on(String request, int status, String body) {
        return on(request, exchange -> send(exchange, status, "application/json", body));
    }

    /** The same with a stream of server-sent events, which ends after them. */
    public FakeDaemon streaming(String request, String events) {
        return on(request, exchange -> send(exchange, 200, "text/event-stream", ": listening\n\n" + events));
    }

    public FakeDaemon on(String request, Answer answer) {
        answers.put(request, answer);
        return this;
    }

    /** From now on every request gets this. */
    public FakeDaemon anything(Answer answer) {
        anything = answer;
        return this;
    }

    /** An error of the daemon's kind. */
    public FakeDaemon refusing(String request, int status, String type, String message) {
        return on(
                request,
                status,
                "{\"error\":{\"type\":\"" + type + "\",\"message\":\"" + message + "\",\"detail\":null}}");
    }

    private void answer(HttpExchange exchange) {
        String request =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        try (exchange) {
            if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                send(exchange, 401, "application/json", envelope("unauthorized", "this needs a token"));
                return;
            }
            Answer answer = anything == null ? answers.get(request) : anything;
            if (answer == null) {
                send(exchange, 404, "application/json", envelope("no_such_path", "there is no " + request));
                return;
            }
            answer.to(exchange);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String envelope(String type, String message) {
        return "{\"error\":{\"type\":\"" + type + "\",\"message\":\"" + message + "\",\"detail\":null}}";
    }

    public static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void afterEach(ExtensionContext test) throws IOException {
        close();
        Files.delete(tokenFile);
    }

    /** Nobody listens any more. */
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
