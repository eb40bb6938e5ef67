package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.ApiError;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.NodeView;
import dev.neurontp.harness.daemon.device.DeviceMonitor;
import dev.neurontp.harness.daemon.mapper.NodeMapper;
import dev.neurontp.harness.daemon.metric.DaemonMetrics;
import dev.neurontp.harness.daemon.pool.PoolRegistry;
import dev.neurontp.harness.daemon.pool.Readiness;
import dev.neurontp.harness.model.CandleHarness;
import dev.neurontp.harness.model.HarnessRegistry;
import dev.neurontp.harness.model.ModelRefusedException;
import dev.neurontp.harness.model.ModelSpec;
import dev.neurontp.rpc.U32;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The node itself: what it is, how it is, what it could load. */
final class NodeRoutes {
    private static final Pattern VERBOSE = Pattern.compile("(?:^|&)verbose(?:$|[=&])");

    /** Of the texts of all checks, in characters. */
    private static final int PAGE = 32 * 1024;

    private static final int SHORTEST_SHARE = 64;
    private static final int LONGEST_SHARE = 4096;

    private final PoolRegistry registry;
    private final Readiness readiness;
    private final DeviceMonitor devices;
    private final HarnessRegistry harnesses;
    private final DaemonMetrics metrics;
    private final RequestBody body;

    NodeRoutes(
            PoolRegistry registry,
            Readiness readiness,
            DeviceMonitor devices,
            HarnessRegistry harnesses,
            DaemonMetrics metrics,
            RequestBody body) {
        this.registry = registry;
        this.readiness = readiness;
        this.devices = devices;
        this.harnesses = harnesses;
        this.metrics = metrics;
        this.body = body;
    }

    void livez(Context context) {
        if (verbose(context)) {
            Responses.text(context, 200, "[+] http: answers\nlive\n");
        } else {
            Responses.json(context, 200, new NodeView.Live("live"));
        }
    }

    void readyz(Context context) {
        List<NodeView.Check> checks = new ArrayList<>();
        boolean stopping = registry.isStopping();
        checks.add(new NodeView.Check("daemon", !stopping, stopping ? "is stopping" : "takes work"));
        List<Readiness.Check> pools = readiness.checks(registry.listed());
        pools.stream()
                .map(check -> NodeMapper.check(check, shareOfPage(pools.size())))
                .forEach(checks::add);
        Optional<NodeView.Check> bad =
                checks.stream().filter(check -> !check.ok()).findFirst();
        if (context.req().getAttribute(RequestGuard.FOREIGN_HOST) != null) {
            readyOrNot(context, bad.isEmpty());
        } else if (verbose(context)) {
            String lines = checks.stream()
                    .map(check -> (check.ok() ? "[+] " : "[-] ") + check.name() + ": " + check.text() + "\n")
                    .collect(Collectors.joining());
            Responses.text(context, bad.isEmpty() ? 200 : 503, lines + (bad.isEmpty() ? "ready\n" : "not ready\n"));
        } else if (bad.isPresent()) {
            throw new ApiException(
                    ErrorType.NOT_READY, bad.get().name() + ": " + bad.get().text(), ApiError.Detail.checks(checks));
        } else {
            Responses.json(context, 200, new NodeView.Ready("ready", checks));
        }
    }

    /** What a load balancer needs, and a page that calls us by a name of its own may know. */
    private static void readyOrNot(Context context, boolean ready) {
        if (verbose(context)) {
            Responses.text(context, ready ? 200 : 503, ready ? "ready\n" : "not ready\n");
        } else if (ready) {
            Responses.json(context, 200, new NodeView.Ready("ready", List.of()));
        } else {
            throw new ApiException(
                    ErrorType.NOT_READY,
                    "not ready: ask by a name of this daemon, or add this one to http.hosts, to see why");
        }
    }

    /** This wants no token, so anybody may ask, and a reason can quote a worker: all texts share one page. */
    private static int shareOfPage(int checks) {
        return Math.clamp(PAGE / Math.max(1, checks), SHORTEST_SHARE, LONGEST_SHARE);
    }

    /** Load balancers ask here with queries of their own, so none is refused. */
    private static boolean verbose(Context context) {
        String query = context.req().getQueryString();
        return query != null && VERBOSE.matcher(query).find();
    }

    void discovery(Context context) {
        QueryParameters.of(context);
        Responses.json(context, 200, NodeMapper.discovery(devices, harnesses.names()));
    }

    void health(Context context) {
        QueryParameters.of(context);
        Responses.json(context, 200, NodeMapper.health(devices));
    }

    void metrics(Context context) {
        QueryParameters.of(context);
        String text = metrics.scrape(registry.listed().gauges(), devices.reading());
        context.status(200)
                .contentType("text/plain; version=0.0.4; charset=utf-8")
                .result(text);
    }

    void models(Context context) {
        QueryParameters.of(context);
        Responses.json(context, 200, new NodeView.Models(List.of(), harnesses.names()));
    }

    void load(Context context) {
        QueryParameters.of(context);
        registry.requireWorking();
        ModelSpec spec = spec(body.read(context));
        try {
            harnesses.load(spec);
        } catch (ModelRefusedException e) {
            ErrorType type = switch (e.reason()) {
                case UNKNOWN_HARNESS -> ErrorType.UNKNOWN_HARNESS;
                case NOT_SUPPORTED -> ErrorType.MODEL_REFUSED;
            };
            throw new ApiException(type, e.getMessage());
        }
        Responses.json(context, 200, new NodeView.Model(spec.modelId(), spec.harness()));
    }

    private static ModelSpec spec(JsonFields fields) {
        String modelId = fields.require("model_id", fields.text("model_id"));
        String harness = fields.text("harness").orElse(CandleHarness.NAME);
        Optional<String> quant = fields.text("quant");
        Optional<Long> tensorParallel = fields.number("tensor_parallel", 1, U32.MAX);
        List<Long> devices = fields.numbers("devices", 0, U32.MAX).orElse(List.of());
        fields.end();
        try {
            OptionalLong ranks = tensorParallel.map(OptionalLong::of).orElse(OptionalLong.empty());
            return new ModelSpec(modelId, harness, quant, ranks, devices);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorType.WRONG_SHAPE, e.getMessage());
        }
    }
}
