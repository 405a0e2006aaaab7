//! A linear model written by hand behind axum: what a server without a garbage collector costs.
//! `axum-linear PORT THREADS`, the intercept and then the weights in WEIGHTS, separated by commas.

use axum::{
    Router,
    body::Bytes,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::{get, post},
};
use std::{env, fmt::Write, sync::Arc};

fn main() {
    let arguments: Vec<u16> = env::args().skip(1).map(|text| text.parse().expect("a number")).collect();
    let text = env::var("WEIGHTS").expect("WEIGHTS");
    let weights: Arc<Vec<f64>> = Arc::new(text.split(',').map(|weight| weight.parse().expect("a number")).collect());
    let invoke = move |body: Bytes| {
        let answer = predict(&weights, &body);
        async move {
            match answer {
                Some(text) => (StatusCode::OK, [(header::CONTENT_TYPE, "text/csv")], text).into_response(),
                None => (StatusCode::BAD_REQUEST, "rows must be CSV of as many numbers as there are weights").into_response(),
            }
        }
    };
    let router = Router::new()
        .route("/ping", get(async || StatusCode::OK))
        .route("/invocations", post(invoke));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(arguments[1].into())
        .enable_io()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", arguments[0])).await.expect("the port");
        axum::serve(listener, router).await.expect("a server");
    });
}

/// A line of prediction for each line of numbers; none for a body that is something else.
fn predict(weights: &[f64], body: &[u8]) -> Option<String> {
    let mut answer = String::new();
    for line in std::str::from_utf8(body).ok()?.lines() {
        let mut fields = 0;
        let mut sum = weights[0];
        for (field, weight) in line.split(',').zip(&weights[1..]) {
            sum += field.parse::<f64>().ok()? * weight;
            fields += 1;
        }
        if fields != weights.len() - 1 {
            return None;
        }
        writeln!(answer, "{sum}").ok()?;
    }
    Some(answer)
}
