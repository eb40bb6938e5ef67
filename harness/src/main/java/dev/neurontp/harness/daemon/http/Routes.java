package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.ApiError;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.daemon.pool.PoolRequestException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import java.util.List;
import org.eclipse.jetty.http.HttpException;

/** Which path is answered by what. */
record Routes(
        NodeRoutes node, PoolRoutes pools, StreamRoutes streams, DashboardRoutes dashboard, SettingsRoutes settings) {
    void register(RoutesConfig routes) {
        DashboardRoutes.FILES.forEach((path, file) -> get(routes, path, DashboardRoutes.file(file)));
        routes.post(DashboardRoutes.LINKS, bare(dashboard::link));
        routes.post(DashboardRoutes.SESSIONS, dashboard::session);
        routes.delete(DashboardRoutes.SESSIONS, bare(dashboard::leave));
        routes.post("/reload", bare(settings::reload));
        get(routes, "/livez", node::livez);
        get(routes, "/readyz", node::readyz);
        get(routes, "/discovery", node::discovery);
        get(routes, "/health", node::health);
        get(routes, "/metrics", node::metrics);
        get(routes, "/models", node::models);
        routes.post("/models/load", node::load);
        get(routes, "/pools", pools::list);
        routes.post("/pools", pools::create);
        get(routes, "/pools/{id}", pools::show);
        routes.put("/pools/{id}", pools::apply);
        routes.delete("/pools/{id}", bare(pools::delete));
        routes.post("/pools/{id}/ping", bare(pools::ping));
        routes.post("/pools/{id}/init", bare(pools::init));
        routes.post("/pools/{id}/sanity", bare(pools::sanity));
        routes.post("/pools/{id}/device", bare(pools::device));
        routes.post("/pools/{id}/collective", pools::collective);
        routes.post("/pools/{id}/restart", bare(pools::restart));
        routes.post("/pools/{id}/shutdown", bare(pools::shutdown));
        get(routes, "/pools/{id}/operations/{operation}", pools::operation);
        routes.get("/pools/{id}/logs", streams::logs);
        routes.head("/pools/{id}/logs", context -> {
            if (StreamRoutes.follows(context)) {
                refuseHead(context);
            }
            streams.logs(context);
        });
        stream(routes, "/pools/{id}/events", streams::poolEvents);
        stream(routes, "/events", streams::events);
        routes.exception(ApiException.class, (error, context) -> Responses.error(context, error));
        routes.exception(
                PoolRequestException.class, (reason, context) -> Responses.error(context, ApiException.of(reason)));
        routes.exception(HttpResponseException.class, (problem, context) -> Responses.unrouted(context, problem));
        routes.exception(
                HttpException.RuntimeException.class,
                (_, context) -> Responses.error(
                        context, new ApiException(ErrorType.MALFORMED, "the request is not valid HTTP")));
        routes.exception(InterruptedException.class, (_, context) -> {
            Thread.currentThread().interrupt();
            Responses.error(context, new ApiException(ErrorType.STOPPING, "this daemon is stopping"));
        });
        routes.exception(Exception.class, (problem, context) -> Responses.defect(context, problem));
    }

    /** HEAD is what GET says, without its body; else it would be answered 200 whatever GET says. */
    private static void get(RoutesConfig routes, String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, handler);
    }

    /** Of a request without a body. */
    private static Handler bare(Handler handler) {
        return context -> {
            RequestBody.requireNone(context);
            handler.handle(context);
        };
    }

    private static void stream(RoutesConfig routes, String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, Routes::refuseHead);
    }

    private static void refuseHead(Context context) {
        context.header("Allow", "GET");
        throw new ApiException(
                ErrorType.WRONG_METHOD,
                "this path does not take HEAD: it takes GET",
                ApiError.Detail.allowed(List.of("GET")));
    }
}
