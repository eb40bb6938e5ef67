package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.ApiError;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.Json;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How routes answer. */
final class Responses {
    static final String NO_SUCH_PATH = "there is no such path here: docs/openapi.yaml lists them";

    private static final Logger LOG = LoggerFactory.getLogger(Responses.class);

    private Responses() {}

    static void json(Context context, int status, Object body) {
        context.status(status).contentType("application/json").result(Json.bytes(body));
    }

    static void text(Context context, int status, String body) {
        context.status(status).contentType("text/plain; charset=utf-8").result(body);
    }

    static void error(Context context, ApiException error) {
        ErrorEnvelopes.headers(error).forEach(context::header);
        json(context, error.status(), new ApiError.Envelope(error.error()));
    }

    /** What Javalin itself rejects: no such path, wrong method. */
    static void unrouted(Context context, HttpResponseException problem) {
        if (problem instanceof MethodNotAllowedResponse) {
            String allowed = problem.getDetails().values().stream().findFirst().orElse("");
            context.header("Allow", allowed);
            error(
                    context,
                    new ApiException(
                            ErrorType.WRONG_METHOD,
                            "this path does not take " + context.req().getMethod() + ": it takes " + allowed,
                            ApiError.Detail.allowed(List.of(allowed.split(", ", -1)))));
        } else if (problem.getStatus() < 500) {
            error(context, new ApiException(ErrorType.NO_SUCH_PATH, NO_SUCH_PATH));
        } else {
            defect(context, problem);
        }
    }

    static void defect(Context context, Exception problem) {
        LOG.error("{} failed because of a defect of this daemon", context.req().getMethod(), problem);
        error(context, new ApiException(ErrorType.INTERNAL, "a defect of the daemon; its log says more"));
    }
}
