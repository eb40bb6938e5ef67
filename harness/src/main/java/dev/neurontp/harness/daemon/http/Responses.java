package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.ApiError;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.Json;
import dev.neurontp.worker.os.ThreadLimitException;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
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
        if (ErrorEnvelopes.endsConnection(error)) {
            context.header("Connection", "close");
        }
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

    /** Where no handler is reached any more: an error of the JVM, such as a thread that cannot be started. */
    static void failed(HttpServletResponse response, Error error) {
        ApiException answer;
        if (error instanceof OutOfMemoryError memory && ThreadLimitException.isCauseOf(error)) {
            answer = new ApiException(
                    ErrorType.HOST_LIMIT,
                    ThreadLimitException.of("http", memory).getMessage());
        } else {
            LOG.error("a request failed because of a defect of this daemon", error);
            answer = defect();
        }
        byte[] body = Json.bytes(new ApiError.Envelope(answer.error()));
        response.setStatus(answer.status());
        response.setContentType("application/json");
        response.setContentLength(body.length);
        try {
            response.getOutputStream().write(body);
        } catch (IOException e) {
            LOG.debug("nobody reads this answer any more: {}", e.getMessage());
        }
    }

    private static ApiException defect() {
        return new ApiException(ErrorType.INTERNAL, "a defect of the daemon; its log says more");
    }

    static void defect(Context context, Exception problem) {
        LOG.error("{} failed because of a defect of this daemon", context.req().getMethod(), problem);
        error(context, defect());
    }
}
