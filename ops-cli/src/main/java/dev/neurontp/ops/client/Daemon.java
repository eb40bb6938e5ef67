package dev.neurontp.ops.client;

import static java.util.Objects.requireNonNull;

import dev.neurontp.harness.api.ApiVersion;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.harness.daemon.runtime.HostIdentity;
import dev.neurontp.harness.time.WaitedTime;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.Versions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import tools.jackson.databind.JsonNode;

/**
 * One daemon, asked over HTTP. Any thread may call. What the daemon refuses comes as {@link ApiErrorException}; a daemon that
 * is not there, goes away or does not answer in time as {@link CommandException}.
 */
public final class Daemon {
    /** For TCP and TLS together; a cold client on a busy host can need 3 s for that. */
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private static final Duration PART_FIRST = Duration.ofMillis(200);
    /** Three times what a daemon lets pass without a sign of life. */
    static final Duration SILENCE = Duration.ofSeconds(45);

    /** For a stream that ends when somebody ends it. */
    private static final String USER_AGENT = userAgent();

    public static final Duration ENDLESS = Duration.ofDays(36500);

    private static final int OK = 200;
    private static final String EVENTS = "text/event-stream";
    private static final int MOST_OF_AN_ERROR = 16 << 20;

    private static final Queue<Http> CLIENTS = new ConcurrentLinkedQueue<>();

    private final URI url;
    private final Token token;
    private final DaemonFile file;
    private final Trust trust;
    private final Http http;

    /** With {@code file} null where the daemon was named by its address. */
    Daemon(URI url, Token token, DaemonFile file, Trust trust) {
        this.url = requireNonNull(url, "url is null");
        this.token = requireNonNull(token, "token is null");
        this.file = file;
        this.trust = trust;
        http = "https".equalsIgnoreCase(url.getScheme()) ? new JdkHttp(trust, CONNECT) : new PlainHttp(CONNECT);
        CLIENTS.add(http);
    }

    /** Ends every connection of this process, for its end: the JVM waits 300 ms for a thread that waits for the network. */
    public static void closeAll() throws InterruptedException {
        for (Http client = CLIENTS.poll(); client != null; client = CLIENTS.poll()) {
            client.close();
        }
    }

    public URI url() {
        return url;
    }

    /** What its runtime file says; empty where it was named by its address. */
    public Optional<DaemonFile> file() {
        return Optional.ofNullable(file);
    }

    /** Whether its process is seen to be gone, for which this waits a moment. Not known, and false, where it was named by its address. */
    public boolean hasEnded() {
        return ConnectionErrors.ended(this);
    }

    /** Whether {@code tpctl up} started it for one pool. Not known, and false, where it was named by its address. */
    public boolean endsWithItsPool() {
        return file().flatMap(OwnerTag::of).isPresent();
    }

    /** Whose certificates it may present. */
    Trust trust() {
        return trust;
    }

    Token token() {
        return token;
    }

    /** Reads {@code path}; waits for {@code timeout} at most. */
    public JsonNode get(String path, Duration timeout) {
        return await(start("GET", path, null, timeout));
    }

    /** The same of what the daemon answers when it has waited for {@code given}, within {@code grace} after that. */
    public JsonNode get(String path, Duration given, Duration grace) {
        return await(start("GET", path, null, given, grace));
    }

    /** Sends {@code body} (may be null) and waits for {@code timeout} at most. */
    public JsonNode post(String path, Object body, Duration timeout) {
        return await(start("POST", path, body, timeout));
    }

    /** Sends a request and returns at once. The future fails as the other methods throw. */
    public CompletableFuture<JsonNode> start(String method, String path, Object body, Duration timeout) {
        return start(method, path, body, timeout, Duration.ZERO);
    }

    /**
     * The same for a request that the daemon answers when it has waited.
     *
     * @param given how long that may take; this is what is said where no answer comes
     * @param grace how much longer the answer is waited for
     */
    public CompletableFuture<JsonNode> start(String method, String path, Object body, Duration given, Duration grace) {
        Duration timeout = given.plus(grace);
        Http.Call call;
        try {
            call = call(method, path, body, timeout);
        } catch (CommandException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Http.Reply> exchange = http.send(call);
        // A bound that the client of HTTP has for a part of it says more, so it goes first.
        return WaitedTime.bound(exchange.copy(), timeout.plus(PART_FIRST)).handle((reply, problem) -> {
            if (problem != null) {
                exchange.cancel(true);
                throw ConnectionErrors.of(this, problem, given, call.changes());
            }
            Answer.requireApi(this, reply.head());
            return Answer.of(this, reply.head(), reply.body(), call.changes());
        });
    }

    /** Its pools; a daemon's list of them is what tells it from anything else that answers with JSON. */
    public CompletableFuture<JsonNode> pools(Duration timeout) {
        return pools("", timeout);
    }

    /** The same with those of its history, which a daemon of an earlier version does not have. */
    public CompletableFuture<JsonNode> allPools(Duration timeout) {
        return pools("?all=true", timeout).exceptionallyCompose(problem -> {
            Throwable cause = problem instanceof CompletionException wrapped ? wrapped.getCause() : problem;
            return cause instanceof ApiErrorException refused && refused.is(ErrorType.WRONG_SHAPE)
                    ? pools(timeout)
                    : CompletableFuture.failedFuture(cause);
        });
    }

    private CompletableFuture<JsonNode> pools(String query, Duration timeout) {
        return start("GET", "/pools" + query, null, timeout).thenApply(json -> {
            if (!json.path("pools").isArray()) {
                throw strange("it lists no pools");
            }
            return json;
        });
    }

    /**
     * What it sent, as a record.
     *
     * @throws CommandException when it is none: what answers is no daemon of this version
     */
    public <T> T read(JsonNode said, Class<T> type) {
        try {
            return ApiJson.read(said, type);
        } catch (UnexpectedReplyException e) {
            throw ConnectionErrors.strange(this, OK, e);
        }
    }

    /** What answers says what no daemon does, in words. */
    public CommandException strange(String what) {
        return ConnectionErrors.strange(this, OK, new UnexpectedReplyException(what, null));
    }

    /**
     * Opens a stream of server-sent events; blocks until its head has come.
     *
     * @param timeout for the head
     * @param whole for all of it, by the clock
     */
    public EventStream stream(String path, Duration timeout, Duration whole) throws InterruptedException {
        return stream(path, timeout, whole, SILENCE);
    }

    EventStream stream(String path, Duration timeout, Duration whole, Duration silence) throws InterruptedException {
        Http.Call call = call("GET", path, null, timeout);
        call.fields().put("Accept", EVENTS);
        try {
            Http.Streamed streamed = http.open(call);
            requireApi(streamed);
            if (streamed.head().status() != OK) {
                try (InputStream body = new WatchedInput(streamed.body(), timeout, timeout)) {
                    byte[] bytes = body.readNBytes(MOST_OF_AN_ERROR);
                    Answer.of(this, streamed.head(), new String(bytes, StandardCharsets.UTF_8), false);
                }
            }
            requireEvents(streamed);
            return new EventStream(this, streamed.body(), silence, whole);
        } catch (IOException e) {
            throw ConnectionErrors.of(this, e, timeout, false);
        }
    }

    private void requireApi(Http.Streamed streamed) throws IOException {
        try {
            Answer.requireApi(this, streamed.head());
        } catch (CommandException e) {
            streamed.body().close();
            throw e;
        }
    }

    private void requireEvents(Http.Streamed streamed) throws IOException {
        String type = streamed.head().first("Content-Type").orElse("");
        if (streamed.head().status() != OK || !type.startsWith(EVENTS)) {
            streamed.body().close();
            throw ConnectionErrors.strange(
                    this,
                    streamed.head().status(),
                    new UnexpectedReplyException("it is '" + type + "', not " + EVENTS, null));
        }
    }

    /** Waits for what {@link #start} began, and unwraps its failure. */
    public static JsonNode await(CompletableFuture<JsonNode> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException reason) {
                throw reason;
            }
            throw e;
        }
    }

    /** One whose token cannot be read hides no other one: only who asks it is told. */
    private String secret() {
        try {
            return token.secret();
        } catch (CommandException e) {
            throw new CommandException(
                    e.exitCode(), "the daemon at " + this + " cannot be asked: " + e.getMessage(), e.next(), e);
        }
    }

    private Http.Call call(String method, String path, Object body, Duration timeout) {
        String base = url.toString();
        URI target = URI.create(base.endsWith("/") ? base.substring(0, base.length() - 1) + path : base + path);
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("User-Agent", USER_AGENT);
        fields.put(ApiVersion.HEADER, ApiVersion.CURRENT);
        fields.put("Authorization", "Bearer " + secret());
        if (body != null) {
            fields.put("Content-Type", "application/json");
        }
        return new Http.Call(method, target, fields, body == null ? null : ApiJson.text(body), timeout);
    }

    /** For the daemon's log: which program of whom asks. Only what a header may hold (RFC 9110, 5.6.5). */
    private static String userAgent() {
        String who = System.getProperty("user.name", "?") + "@" + HostIdentity.hostName();
        return "tpctl/" + Versions.product() + " (" + who.replaceAll("[^A-Za-z0-9._@-]", "?") + ")";
    }

    @Override
    public String toString() {
        return file == null ? url.toString() : url + " (pid " + file.pid() + ")";
    }
}
