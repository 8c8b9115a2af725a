// A 3D model on the stage: <div data-glb="url" data-bytes>. Drag, wheel and arrow keys turn it. What it cannot show stays a link to the
// file; a large one is fetched only when asked for.

const ASK_ABOVE_BYTES = 30_000_000;

const stage = document.querySelector("[data-glb]");

async function show() {
  const note = stage.querySelector("[data-glb-note]");
  const facts = note.textContent;
  note.textContent = "Loading the model";
  if (!document.createElement("canvas").getContext("webgl2")) throw new Error("no WebGL");
  const three = await import("../vendor/three-glb.min.js");
  const renderer = new three.WebGLRenderer({ antialias: true, alpha: true });
  renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
  renderer.toneMapping = three.ACESFilmicToneMapping;
  const scene = new three.Scene();
  const light = new three.PMREMGenerator(renderer);
  scene.environment = light.fromScene(new three.RoomEnvironment(), 0.04).texture;
  const camera = new three.PerspectiveCamera(35, 1, 0.01, 1000);
  const controls = new three.OrbitControls(camera, renderer.domElement);

  // Textures go through an <img>: the page may fetch only from its own address, and a GLB carries its pictures inside.
  const loader = new three.GLTFLoader().register((parser) => {
    parser.textureLoader = new three.TextureLoader(parser.options.manager);
    return { name: "own-textures" };
  });
  const { scene: model } = await loader.loadAsync(stage.dataset.glb);
  const box = new three.Box3().setFromObject(model);
  const size = box.getSize(new three.Vector3()).length() || 1;
  model.position.sub(box.getCenter(new three.Vector3()));
  scene.add(model);
  camera.near = size / 100;
  camera.far = size * 20;
  const far = (size / 2 / Math.sin((35 / 2) * (Math.PI / 180))) * 1.05 / Math.min(1, stage.clientWidth / Math.max(1, stage.clientHeight));
  camera.position.set(0.52, 0.26, 0.81).multiplyScalar(far);
  controls.minDistance = size * 0.3;
  controls.maxDistance = size * 5;

  const draw = () => renderer.render(scene, camera);
  const fit = () => {
    const { clientWidth: width, clientHeight: height } = stage;
    renderer.setSize(width, height, false);
    camera.aspect = width / Math.max(1, height);
    camera.updateProjectionMatrix();
    draw();
  };
  controls.addEventListener("change", draw);
  stage.replaceChildren(renderer.domElement);
  stage.dataset.shown = facts;
  new ResizeObserver(fit).observe(stage);
  controls.update();

  stage.addEventListener("keydown", (event) => {
    const [turn, tilt] = { ArrowLeft: [-0.2, 0], ArrowRight: [0.2, 0], ArrowUp: [0, -0.2], ArrowDown: [0, 0.2] }[event.key] ?? [];
    const near = { "+": 0.88, "=": 0.88, "-": 1.14 }[event.key];
    if ((turn === undefined && near === undefined) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (near !== undefined) camera.position.multiplyScalar(near);
    else {
      const { x, y, z } = camera.position;
      const length = Math.hypot(x, y, z);
      const around = Math.atan2(x, z) + turn;
      const down = Math.min(Math.PI - 0.05, Math.max(0.05, Math.acos(y / length) + tilt));
      camera.position.set(length * Math.sin(down) * Math.sin(around), length * Math.cos(down), length * Math.sin(down) * Math.cos(around));
    }
    controls.update();
    draw();
  });
}

if (stage) {
  const note = stage.querySelector("[data-glb-note]");
  const facts = note.textContent;
  const ask = stage.querySelector("[data-glb-show]");
  const begin = () => {
    ask.hidden = true;
    show().catch(() => {
      if (stage.contains(note)) note.textContent = `${facts}. This browser cannot show it here: download it, and open it with a 3D viewer.`;
    });
  };
  ask.addEventListener("click", begin);
  if (Number(stage.dataset.bytes) > ASK_ABOVE_BYTES) ask.hidden = false;
  else begin();
}
