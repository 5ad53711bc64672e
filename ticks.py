import proto
from proto import *
from numba.extending import intrinsic
from numba.core import types
from numba.core.typing.templates import signature
from llvmlite import ir
from sim.core.day.steps import _side_by_side,_functions,Each,_written
@intrinsic
def tick(typingctx):
    def code(context,builder,sig,args):
        fn=builder.module.declare_intrinsic("llvm.readcyclecounter",(),ir.FunctionType(ir.IntType(64),[]))
        return builder.call(fn,[])
    return signature(types.int64), code
lines=[];names=[]
allsteps=[(ph.name,s) for ph in PH for s in ph.steps]
fs={}
lines.append("t0=tick()")
for ph,st in allsteps:
    for inner in (st.steps if isinstance(st,Each) else (st,)):
        g=[Each((inner,))] if isinstance(st,Each) else [inner]
        lines+=_side_by_side(g)
        lines+= [f"t1=tick()",f"ticks[{len(names)}]+=t1-t0","t0=t1"]
        names.append(inner.function.__name__+(" *" if inner.condition else ""))
    fs.update(_functions([st]))
lines.append("tt=tick()")
proto_live=_written("live_side_by_side","(pack, lanes, parameters, rows, days, settings, seed, ticks)",lines,{**given,**fs,"tick":tick},"")
@numba.njit(error_model="numpy")
def run(pack, W, P, rows, T8, S, seed, last, D8, lanes, par, tl, st, ticks):
    n=W.shape[0]
    pack8=pack.view(np.uint64)
    for f in range(0,n,LANES):
        for l in range(LANES):
            put(pack,W[f+l],l,WT); put(pack,P[rows[f+l]],l,PT); put(pack,S[0],l,ST)
        for d in range(last):
            a=tick()
            day_in(pack8, T8[d], T8[max(d-1,0)], d==0, D8)
            ticks[-1]+=tick()-a
            proto_live(pack, lanes, par, rows[f:f+LANES], tl[d:d+1], st, seed, ticks)
        for l in range(LANES):
            get(pack,W[f+l],l,WT)
from benchmarks.measure import SCENARIO
from sim.scenario import load_scenario
from sim.simulate import make_job
from sim.simulate.job import prepare, lived
job = make_job(load_scenario(SCENARIO), "default")
N=1600
runs=np.arange(N,dtype=np.uint64)
w,table,rows,seg=prepare(job,runs)
B=lambda a: np.ascontiguousarray(np.asarray(a)).view(np.uint8).reshape(len(a),-1)
pack=np.zeros(LIFE.itemsize*LANES+64,np.uint8)
o=(-pack.ctypes.data)%64; pack=pack[o:o+LIFE.itemsize*LANES]
W=B(w).copy(); seed=np.uint64(job.random_seed)
T8=B(seg.timeline).view(np.uint64)
arg=(B(table),rows,T8,B(seg.setting),seed,job.days,D8,LANES,table,seg.timeline,seg.setting)
ticks=np.zeros(len(names)+1,np.int64)
run(pack,W[:16].copy(),*arg,ticks)
best=None
for _ in range(4):
    ticks[:]=0; W=B(w).copy()
    a=time.perf_counter(); run(pack,W,*arg,ticks); e=time.perf_counter()-a
    if best is None or e<best[0]: best=(e,ticks.copy())
e,tk=best
print('us/run',e/N*1e6)
ns=tk/tk.sum()*e/N/job.days*1e9
for n,v in zip(names+['day_in'],ns): print(f"{n:32s}{v:8.2f}")
print(ns.sum())
