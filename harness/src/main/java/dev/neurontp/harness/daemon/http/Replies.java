package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.daemon.api.ErrorEnvelope;
import dev.neurontp.harness.daemon.api.ErrorType;
import dev.neurontp.harness.daemon.api.Json;
import dev.neurontp.harness.daemon.api.Refusal;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How routes answer. */
final class Replies {
    static final String NO_SUCH_PATH = "there is no such path here: docs/openapi.yaml lists them";

    private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

    private Replies() {}

    static void json(Context context, int status, Object body) {
        context.status(status).contentType("application/json").result(Json.bytes(body));
    }

    static void text(Context context, int status, String body) {
        context.status(status).contentType("text/plain; charset=utf-8").result(body);
    }

    static void refusal(Context context, Refusal refusal) {
        Envelope.headers(refusal).forEach(context::header);
        json(context, refusal.status(), new ErrorEnvelope(refusal.body()));
    }

    /** Javalin's own refusals: no such path, wrong method. */
    static void unrouted(Context context, HttpResponseException problem) {
        if (problem instanceof MethodNotAllowedResponse) {
            String allowed = problem.getDetails().values().stream().findFirst().orElse("");
            context.header("Allow", allowed);
            refusal(
                    context,
                    new Refusal(
                            ErrorType.WRONG_METHOD,
                            "this path does not take " + context.req().getMethod() + ": it takes " + allowed,
                            Map.of("allowed", List.of(allowed.split(", ", -1)))));
        } else if (problem.getStatus() < 500) {
            refusal(context, new Refusal(ErrorType.NO_SUCH_PATH, NO_SUCH_PATH));
        } else {
            defect(context, problem);
        }
    }

    static void defect(Context context, Exception problem) {
        LOG.error(
                "{} failed in a way that is a defect of this daemon",
                context.req().getMethod(),
                problem);
        refusal(context, new Refusal(ErrorType.INTERNAL, "a defect of the daemon; its log says more"));
    }
}
