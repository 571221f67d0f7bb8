//! The peer of our Socket.IO rows in Rust: one thread, one room of everybody, `broadcast` {payload, times} sends that many
//! events to it, `message` is said back. Prints {"port":…,"pid":…}.
use serde::Deserialize;
use serde_json::{json, Value};
use socketioxide::{
    extract::{AckSender, Data, SocketRef},
    SocketIo,
};

#[derive(Deserialize)]
struct Asked {
    payload: Value,
    times: u32,
}

fn serve(io: &SocketIo) {
    io.ns("/", async |socket: SocketRef| {
        socket.join("everybody");
        socket.on("message", async |socket: SocketRef, Data::<Value>(what)| {
            let _ = socket.emit("message-back", &what);
        });
        socket.on(
            "broadcast",
            async |io: SocketIo, Data::<Asked>(asked), ack: AckSender| {
                for number in 0..asked.times {
                    let news = json!({ "payload": asked.payload, "number": number });
                    let _ = io.to("everybody").emit("news", &news).await;
                    // Its queues are bounded: those that read are let in between.
                    tokio::task::yield_now().await;
                }
                let _ = ack.send(&());
            },
        );
    });
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let (layer, io) = SocketIo::builder().max_buffer_size(4096).build_layer();
    serve(&io);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    println!("{{\"port\":{port},\"pid\":{}}}", std::process::id());
    let app = axum::Router::new().layer(layer);
    use axum::serve::ListenerExt;
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    let ended = async {
        let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).expect("signals");
        term.recv().await;
    };
    axum::serve(listener, app).with_graceful_shutdown(ended).await
}
