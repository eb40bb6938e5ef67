package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.NodeView;
import dev.neurontp.harness.daemon.dashboard.Session;
import dev.neurontp.harness.daemon.dashboard.Sessions;
import dev.neurontp.harness.daemon.runtime.Token;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** The page for a browser, and how a browser is let in. */
final class DashboardRoutes {
    /** Nothing of another origin, no script or style in the page itself, no form, no frame around it, no text that becomes HTML. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types 'none'";

    /** The files that anybody may read: they hold nothing of this daemon. By path. */
    static final Map<String, StaticFile> FILES = Map.of(
            "/", new StaticFile("dashboard.html", "text/html"),
            "/dashboard.js", new StaticFile("dashboard.js", "text/javascript"),
            "/dashboard.css", new StaticFile("dashboard.css", "text/css"),
            "/docs", new StaticFile("docs.html", "text/html"),
            "/docs.js", new StaticFile("docs.js", "text/javascript"),
            "/openapi.yaml", new StaticFile("openapi.yaml", "application/yaml"));

    static final String SESSIONS = "/dashboard/sessions";
    static final String LINKS = "/dashboard/links";

    private final Sessions sessions;
    private final Token token;
    private final RequestBody body;

    DashboardRoutes(Sessions sessions, Token token, RequestBody body) {
        this.sessions = sessions;
        this.token = token;
        this.body = body;
    }

    /** A file of the page, by its name in the resources. */
    record StaticFile(String name, String type) {}

    /** Answers with that file. */
    static Handler file(StaticFile file) {
        return context -> context.contentType(file.type() + "; charset=utf-8")
                .header("Content-Security-Policy", POLICY)
                .header("Referrer-Policy", "no-referrer")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .result(content(file.name()));
    }

    private static byte[] content(String name) {
        try (InputStream file = Sessions.class.getResourceAsStream(name)) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A link that opens one session. */
    void link(Context context) {
        QueryParameters.of(context);
        String code = sessions.link();
        Responses.json(context, 201, new NodeView.DashboardLink("/#code=" + code, Sessions.LINK.toSeconds()));
    }

    /** Ends the session that asks; with the token it ends all of them. */
    void leave(Context context) {
        QueryParameters.of(context);
        Session asking = context.req().getAttribute(RequestGuard.SESSION) instanceof Session session ? session : null;
        if (asking == null) {
            sessions.endAll();
        } else {
            asking.end();
        }
        context.status(204);
    }

    /** A session for the code of such a link, or for the token. */
    void session(Context context) {
        JsonFields fields = body.read(context);
        Optional<String> code = fields.text("code");
        Optional<String> given = fields.text("token");
        fields.end();
        if (code.isPresent() == given.isPresent()) {
            throw new ApiException(ErrorType.WRONG_SHAPE, "the body must have one of the fields code and token");
        }
        String session = code.flatMap(sessions::open)
                .or(() -> given.filter(text -> token.matches(text.strip())).map(_ -> sessions.open()))
                .orElseThrow(() -> new ApiException(
                        ErrorType.UNAUTHORIZED,
                        code.isPresent()
                                ? "this link was used, or is older than a minute: run tpctl dashboard for a new one"
                                : "this is not the token of this daemon; it is in the token file"));
        context.req().setAttribute(RequestGuard.CLIENT, code.isPresent() ? "dashboard link" : "token");
        Responses.json(context, 201, new NodeView.DashboardSession(session, Sessions.SESSION.toSeconds()));
    }
}
