from proto import *
import sys
from benchmarks.measure import SCENARIO
from sim.scenario import load_scenario
from sim.simulate import make_job
from sim.simulate.job import prepare, lived
from sim.core.day.steps import _side_by_side,_functions,Each,_written,_lines
job = make_job(load_scenario(SCENARIO), "default")
N=160
runs=np.arange(N,dtype=np.uint64)
w,table,rows,seg=prepare(job,runs)
B=lambda a: np.ascontiguousarray(np.asarray(a)).view(np.uint8).reshape(len(a),-1)
pack=np.zeros(LIFE.itemsize*LANES+64,np.uint8)
o=(-pack.ctypes.data)%64; pack=pack[o:o+LIFE.itemsize*LANES]
seed=np.uint64(job.random_seed)
@numba.njit
def fill(pack,W,P,rows,S,T8,D8,f,d):
    for l in range(LANES):
        put(pack,W[f+l],l,WT); put(pack,P[rows[f+l]],l,PT); put(pack,S[0],l,ST)
    day_in(pack.view(np.uint64), T8[d], T8[max(d-1,0)], d==0, D8)
fill(pack,B(w),B(table),rows,B(seg.setting),B(seg.timeline).view(np.uint64),D8,0,0)
# live 60 days for a usual state
@numba.njit(error_model="numpy")
def live60(pack,lanes,par,rows,tl,st,seed,T8,D8):
    for d in range(60):
        day_in(pack.view(np.uint64), T8[d], T8[max(d-1,0)], d==0, D8)
        live_lanes(pack,lanes,par,rows,tl[d:d+1],st,seed)
live60(pack,LANES,table,rows[:16],seg.timeline,seg.setting,seed,B(seg.timeline).view(np.uint64),D8)
tot=0
want=sys.argv[1:] 
for ph in PH:
    for st in ph.steps:
        for inner in (st.steps if isinstance(st,Each) else (st,)):
            name=inner.function.__name__
            if want and name not in want: continue
            group=[Each((inner,))] if isinstance(st,Each) else [inner]
            lines=_lines(group,_side_by_side,"settings[0].militia_count")
            f=_written("one","(pack, lanes, parameters, rows, days, settings, seed)",lines,{**given,**_functions(group)},"")
            @numba.njit(error_model="numpy")
            def rep(pack,lanes,par,rows,tl,st,seed,n):
                for _ in range(n):
                    f(pack,lanes,par,rows,tl,st,seed)
            rep(pack.copy(),LANES,table,rows[:16],seg.timeline[60:61],seg.setting,seed,1)
            best=9e9
            for _ in range(5):
                c=np.zeros(LIFE.itemsize*LANES+64,np.uint8); o=(-c.ctypes.data)%64; c=c[o:o+LIFE.itemsize*LANES]; c[:]=pack
                a=time.perf_counter(); rep(c,LANES,table,rows[:16],seg.timeline[60:61],seg.setting,seed,2000); best=min(best,time.perf_counter()-a)
            asm="".join(rep.inspect_asm().values())
            ns=best/2000/LANES*1e9; tot+=ns
            print(f"{ph.name:22s} {name:28s} {'when' if inner.condition else ('each' if isinstance(st,Each) else ''):5s} {ns:7.2f} ns  zmm {asm.count('%zmm')} ymm {asm.count('%ymm')} calls {asm.count('callq')}", flush=True)
print(tot)
if want: open('/tmp/asm.txt','w').write(asm)
